-- :Quickscrape and its completion.
local connection = require('quickscrape.connection')
local text = require('quickscrape.text')

local M = {}

local function views() return require('quickscrape.views') end
local function actions() return require('quickscrape.actions') end

--- The job or run that is meant: the argument, else what the cursor is on.
local function target(argument, kind)
  if argument then return argument end
  local row = require('quickscrape.list').row_under_cursor()
  local value = row and row.value or {}
  local id = kind == 'job' and value.job_id or value.run_id or value.job_id
  if not id then error({ message = 'which ' .. kind .. '? Give its id, or put the cursor on it' }, 0) end
  return id
end

local function on_job(act)
  return { completes = 'jobs', run = function(args) act(target(args[1], 'job')) end }
end

local function on_run(act)
  return { completes = 'jobs', run = function(args) act(target(args[1], 'job or run')) end }
end

M.subcommands = {
  jobs = { run = function() views().open('jobs') end },
  runs = { completes = 'jobs', run = function(args) views().open(args[1] and 'runs/' .. args[1] or 'runs') end },
  run = on_job(function(id) actions().run(id) end),
  cancel = on_run(function(id) actions().cancel(id) end),
  retry = {
    run = function(args) actions().retry(target(args[1], 'run')) end,
  },
  enable = on_job(function(id) actions().set_enabled(id, true) end),
  disable = on_job(function(id) actions().set_enabled(id, false) end),
  log = on_run(function(id) views().open_run('log', id) end),
  items = on_run(function(id) views().open_run('items', id) end),
  edit = {
    completes = 'configurations',
    run = function(args)
      if not args[1] then error({ message = 'which configuration? :Quickscrape edit NAME' }, 0) end
      actions().edit_configuration(args[1])
    end,
  },
  new = {
    run = function(args)
      if args[1] then return actions().new_configuration(args[1], args[2]) end
      vim.ui.input({ prompt = 'Address of the page: ' }, function(url)
        if url and url ~= '' then actions().new_configuration(url) end
      end)
    end,
  },
  check = {
    run = function()
      local buffer = vim.api.nvim_get_current_buf()
      vim.b[buffer].quickscrape_problem = nil
      require('quickscrape.configuration').refresh(buffer)
    end,
  },
  try = {
    run = function() require('quickscrape.configuration').try(vim.api.nvim_get_current_buf()) end,
  },
  scheduler = {
    values = { 'start', 'stop' },
    run = function(args)
      if args[1] ~= 'start' and args[1] ~= 'stop' then error({ message = 'scheduler: start or stop' }, 0) end
      actions().scheduler(args[1])
    end,
  },
}

local function names()
  local list = vim.tbl_keys(M.subcommands)
  table.sort(list)
  return list
end

--- @param args string[] the words after :Quickscrape
function M.run(args)
  local name = args[1] or 'jobs'
  local command = M.subcommands[name]
  if not command then
    local all = table.concat(names(), ', ')
    return connection.tell({ message = ('there is no :Quickscrape %s; there are %s'):format(name, all) })
  end
  local ok, err = pcall(command.run, vim.list_slice(args, 2))
  if not ok then connection.tell(type(err) == 'table' and err or { message = tostring(err) }) end
end

local function values(command)
  if command.values then return command.values end
  if command.completes == 'jobs' then
    local answer = connection.call_and_wait('list_jobs', { limit = 1000 }, 2000)
    return vim.tbl_map(function(job) return text.clean(job.job_id) end, answer and answer.jobs or {})
  end
  if command.completes == 'configurations' then
    local answer = connection.call_and_wait('list_configs', {}, 2000)
    return vim.tbl_map(function(config) return text.clean(config.config_name) end, answer and answer.configs or {})
  end
  return {}
end

--- @return string[] what may stand in place of the word that is being typed
function M.complete(lead, line)
  local words = vim.split(vim.trim(line), '%s+')
  local is_name = #words < 2 or (#words == 2 and lead ~= '')
  local command = M.subcommands[words[2]]
  local candidates = is_name and names() or command and values(command) or {}
  return vim.tbl_filter(function(word) return vim.startswith(word, lead) end, candidates)
end

return M
