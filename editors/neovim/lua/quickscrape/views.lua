-- The lists, by the name of their buffer: quickscrape://jobs, runs, runs/JOB, log/RUN, items/RUN and try.
local actions = require('quickscrape.actions')
local connection = require('quickscrape.connection')
local list = require('quickscrape.list')
local text = require('quickscrape.text')

local M = {}

--- What a test on live pages has found, for quickscrape://try.
M.tried = nil

local GOOD, BAD, BUSY, CALM = 'DiagnosticOk', 'DiagnosticError', 'DiagnosticInfo', 'Comment'
local JOB_STATES = {
  completed = { 'succeeded', GOOD },
  failed = { 'failed', BAD },
  invalid = { 'invalid', BAD },
  pending = { 'pending', CALM },
  running = { 'running', BUSY },
}
local RUN_HIGHLIGHTS = {
  succeeded = GOOD,
  failed = BAD,
  timed_out = BAD,
  abandoned = BAD,
  running = BUSY,
  queued = BUSY,
  waiting_retry = BUSY,
}

local LOG_HIGHLIGHTS = { ERROR = BAD, WARN = 'DiagnosticWarn', DEBUG = CALM }

function M.open(name) vim.cmd.edit('quickscrape://' .. name) end

local function describe_run_state(run)
  local state = run.status:gsub('_', ' ')
  if run.status ~= 'running' then return state end
  return run.progress and ('%s %d%%'):format(state, run.progress * 100) or ('%s, %d'):format(state, run.items)
end

--- @return string state, string highlight
local function describe_job_state(job, run)
  if run then return describe_run_state(run), BUSY end
  if job.paused then return 'paused', BAD end
  if not job.enabled and job.status ~= 'invalid' then return 'disabled', CALM end
  return unpack(JOB_STATES[job.status] or { job.status, CALM })
end

local function describe_scheduler(scheduler)
  if scheduler.held then return 'Scheduler: nothing starts, ' .. scheduler.held end
  if not scheduler.running then
    return 'No scheduler: jobs run only when asked. :Quickscrape scheduler start'
  end
  return ('Scheduler runs · %d of %d slots · %d queued'):format(scheduler.running_runs, scheduler.slots, scheduler.queued)
end

--- An action on the row under the cursor; nothing without one.
local function on_row(what, act)
  return {
    what,
    function(row)
      if row and row.value then act(row.value) end
    end,
  }
end

local function common_keys(keys)
  return vim.tbl_extend('keep', keys, {
    R = { 'load again', function() list.load(vim.api.nvim_get_current_buf()) end },
    q = { 'close', function() vim.cmd.bdelete() end },
    ['g?'] = { 'show these keys', list.show_keys },
  })
end

local function confirm_cancel(run_or_job_id)
  if vim.fn.confirm('Cancel the run of ' .. run_or_job_id .. '?', '&Yes\n&No', 2) == 1 then
    actions.cancel(run_or_job_id)
  end
end

function M.jobs()
  local active = {}
  local function remember(run) active[run.job_id] = actions.is_active(run) and run or nil end
  return {
    load = function()
      local jobs = connection.call('list_jobs', { limit = 1000 })
      active = {}
      for _, status in ipairs({ 'waiting_retry', 'queued', 'running' }) do
        vim.iter(connection.call('list_runs', { status = status, limit = 1000 }).runs):each(remember)
      end
      return { jobs = jobs, scheduler = connection.call('get_scheduler') }
    end,
    content = function(data)
      local more = data.jobs.total - #data.jobs.jobs
      return {
        head = {
          describe_scheduler(data.scheduler) .. ' · g? shows the keys',
          more > 0 and ('The first %d of %d jobs'):format(#data.jobs.jobs, data.jobs.total) or nil,
        },
        titles = { 'STATE', 'JOB', 'NEXT RUN', 'SCHEDULE', 'CONFIGURATION', 'LAST RUN' },
        empty = 'There are no jobs yet. Create one with: quickscrape job create --help',
        rows = vim.tbl_map(function(job)
          local state, highlight = describe_job_state(job, active[job.job_id])
          return {
            id = job.job_id,
            value = job,
            highlight = highlight,
            cells = {
              state,
              text.clean(job.job_id),
              text.time(job.next_run),
              text.clean(job.error or job.schedule),
              text.clean(job.config_name),
              text.time(job.last_run),
            },
          }
        end, data.jobs.jobs),
      }
    end,
    changed = function(method, params)
      if method == 'run_progress' then
        remember(params.run)
        return 'draw'
      end
      return (method == 'job_changed' or method == 'run_changed' or method == 'scheduler_changed') and 'load' or nil
    end,
    keys = common_keys({
      ['<CR>'] = on_row('runs of the job', function(job) M.open('runs/' .. job.job_id) end),
      r = on_row('run the job now', function(job) actions.run(job.job_id) end),
      x = on_row('cancel its run', function(job) confirm_cancel(job.job_id) end),
      t = on_row('enable or disable the job', function(job)
        actions.set_enabled(job.job_id, not job.enabled or job.paused ~= nil)
      end),
      L = on_row('log of its last run', function(job) M.open_run('log', job.job_id) end),
      I = on_row('items of its last run', function(job) M.open_run('items', job.job_id) end),
      E = on_row('edit its configuration', function(job) actions.edit_configuration(job.config_name) end),
    }),
  }
end

--- @param job_id string|nil of all jobs when left out
function M.runs(job_id)
  local progress = {}
  return {
    load = function()
      progress = {}
      return connection.call('list_runs', { job_id = job_id, limit = 100 })
    end,
    content = function(data)
      return {
        head = {
          ('%s of %d runs%s · g? shows the keys'):format(#data.runs, data.total, job_id and ' of ' .. job_id or ''),
        },
        titles = { 'STATE', 'STARTED', 'TOOK', 'ITEMS', 'JOB', 'RUN', 'BY', 'REASON' },
        empty = 'There are no runs yet.',
        rows = vim.tbl_map(function(run)
          local now = progress[run.run_id] or run
          return {
            id = run.run_id,
            value = run,
            highlight = RUN_HIGHLIGHTS[run.status] or CALM,
            cells = {
              describe_run_state(now),
              text.time(run.started_at or run.queued_at),
              text.duration(now.duration_ms),
              tostring(now.items),
              text.clean(run.job_id),
              text.clean(run.run_id),
              text.clean(run.trigger:gsub('_', ' ')),
              text.clean(run.error and run.error.message or run.reason or run.waits_for),
            },
          }
        end, data.runs),
      }
    end,
    changed = function(method, params)
      local run = params and params.run
      if not run or (job_id and run.job_id ~= job_id) then return nil end
      if method == 'run_progress' then progress[run.run_id] = run end
      return method == 'run_progress' and 'draw' or method == 'run_changed' and 'load' or nil
    end,
    keys = common_keys({
      ['<CR>'] = on_row('log of the run', function(run) M.open('log/' .. run.run_id) end),
      L = on_row('log of the run', function(run) M.open('log/' .. run.run_id) end),
      I = on_row('items of the run', function(run) M.open('items/' .. run.run_id) end),
      r = on_row('run it again', function(run) actions.retry(run.run_id) end),
      x = on_row('cancel the run', function(run) confirm_cancel(run.run_id) end),
      E = on_row('edit its configuration', function(run) actions.edit_configuration(run.config_name) end),
    }),
  }
end

--- Opens the log or the items of a run, or of the newest run of a job.
function M.open_run(kind, id)
  connection.async(function() M.open(kind .. '/' .. actions.find_run(id).run_id) end)
end

local function is_of(run_id)
  return function(_, params)
    local run = params and params.run
    return run and run.run_id == run_id and 'load' or nil
  end
end

--- @return string[] lines about a run: what it is, and why it is so
local function run_head(run, note)
  local parts = { run.job_id, describe_run_state(run), text.plural(run.items, 'item'), text.duration(run.duration_ms) }
  local lines = { table.concat(parts, ' · ') }
  table.insert(lines, run.error and run.error.message or run.reason or run.waits_for)
  table.insert(lines, note)
  return lines
end

function M.log(run_id)
  return {
    follows = true,
    load = function()
      return connection.call('get_run', { run_id = run_id, log_lines = 200, sample_items = 0 })
    end,
    content = function(data)
      local is_cut = #data.log_tail == 200
      return {
        head = run_head(data.run, is_cut and ('The last 200 lines. More: quickscrape job logs %s --run %s --lines 10000'):format(data.run.job_id, run_id) or nil),
        is_plain = true,
        empty = 'The log is empty.',
        rows = vim.tbl_map(function(line)
          return { cells = { text.clean(line) }, highlight = LOG_HIGHLIGHTS[line:match('^%S+ (%u+) ')] }
        end, data.log_tail),
      }
    end,
    changed = is_of(run_id),
    keys = common_keys({
      I = { 'items of the run', function() M.open('items/' .. run_id) end },
      x = { 'cancel the run', function() confirm_cancel(run_id) end },
    }),
  }
end

--- JSON objects have no order in Lua: the fields in the order of the configuration, then the others.
local function field_names(items, selectors)
  local found, names = {}, {}
  for _, item in ipairs(items) do
    for name in pairs(item) do found[name] = true end
  end
  for _, selector in ipairs(selectors) do
    if selector.part == 'field' and found[selector.field] then
      found[selector.field] = nil
      table.insert(names, selector.field)
    end
  end
  local others = vim.tbl_keys(found)
  table.sort(others)
  return vim.list_extend(names, others)
end

local function item_rows(items, names)
  return vim.tbl_map(function(item)
    return {
      value = { item = item, names = names },
      cells = vim.tbl_map(function(name) return text.clean(item[name]) end, names),
    }
  end, items)
end

--- Shows all of an item in a window of its own.
local function show_item(value)
  local lines = {}
  for _, name in ipairs(value.names) do
    table.insert(lines, ('%s: %s'):format(text.clean(name), text.clean(value.item[name])))
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.cmd.split()
  vim.api.nvim_win_set_buf(0, buffer)
  vim.api.nvim_win_set_height(0, math.min(#lines, 15))
  vim.wo[0][0].wrap = true
  vim.keymap.set('n', 'q', vim.cmd.close, { buffer = buffer, nowait = true })
end

local function items_view(load, changed, head)
  return {
    load = load,
    content = function(data)
      local names = field_names(data.items, data.selectors)
      return {
        head = head(data),
        titles = vim.tbl_map(function(name) return text.clean(name) end, names),
        rows = item_rows(data.items, names),
        empty = 'There are no items.',
      }
    end,
    changed = changed,
    keys = common_keys({ ['<CR>'] = on_row('the whole item', show_item) }),
  }
end

function M.items(run_id)
  return items_view(function()
    local answer = connection.call('get_run', { run_id = run_id, log_lines = 0, sample_items = 100 })
    return { run = answer.run, items = answer.sample, selectors = answer.selectors }
  end, is_of(run_id), function(data)
    local is_cut = data.run.items > #data.items
    local where = data.run.output_path
    local note = ('The first %d%s'):format(#data.items, where and '; all are in ' .. where or '')
    return run_head(data.run, is_cut and note or nil)
  end)
end

function M.try()
  local tried = M.tried or { sample = {}, matches = {}, items = 0, pages = 0 }
  return items_view(function()
    return { items = tried.sample, selectors = tried.matches }
  end, function() return nil end, function()
    local lines = {
      ('Tried on %s: %s, nothing is stored'):format(text.plural(tried.pages, 'live page'), text.plural(tried.items, 'item')),
    }
    if tried.error then table.insert(lines, tried.error.message) end
    return vim.list_extend(lines, tried.warnings or {})
  end)
end

--- Fills the buffer of a name.
function M.read(buffer, name)
  local kind, id = name:match('^quickscrape://(%l+)/?([%w_-]*)$')
  local needs_run = kind == 'log' or kind == 'items'
  if not vim.tbl_contains({ 'jobs', 'runs', 'log', 'items', 'try' }, kind) or (needs_run and id == '') then
    return vim.notify('QuickScrape: there is no list ' .. text.clean(name), vim.log.levels.ERROR)
  end
  list.show(buffer, M[kind](id ~= '' and id or nil))
  for _, window in ipairs(list.windows(buffer)) do
    vim.api.nvim_set_option_value('wrap', kind == 'log', { win = window, scope = 'local' })
  end
end

return M
