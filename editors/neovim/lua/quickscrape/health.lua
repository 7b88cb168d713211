-- :checkhealth quickscrape
local Client = require('quickscrape.client')
local connection = require('quickscrape.connection')
local text = require('quickscrape.text')

local M = {}
local health = vim.health

--- Runs the program. @return table|nil result, string|nil problem
local function run(words, stdin)
  local command = connection.command(words)
  local ok, process = pcall(vim.system, command, { text = true, stdin = stdin, timeout = 10000 })
  if not ok then return nil, Client.describe_failure(command[1], process) end
  return process:wait()
end

local function check_version()
  local result, problem = run({ '--version' })
  if not result then
    health.error(problem)
    return false
  end
  local version = vim.trim(result.stdout or '')
  if result.code ~= 0 or not version:match('^%d+%.%d+%.%d+') then
    health.error('`--version` does not answer as quickscrape does: ' .. text.cut(text.clean(result.stdout .. result.stderr), 200))
    return false
  end
  health.ok(('quickscrape %s (%s)'):format(text.clean(version), table.concat(connection.command({}), ' ')))
  local plugin = require('quickscrape.version')
  if version:match('^[%d.]+') ~= plugin then
    health.warn('The plugin is of version ' .. plugin, 'Bring it to the same one: quickscrape editor install neovim')
  end
  return true
end

--- @return table|nil answer of the one request
local function ask(method)
  local request = vim.json.encode({ jsonrpc = '2.0', id = 1, method = method })
  local words = vim.list_extend({ 'rpc' }, require('quickscrape').options.rpc_args)
  local result, problem = run(words, request .. '\n')
  if not result then return health.error(problem) end
  local ok, answer = pcall(vim.json.decode, result.stdout, { luanil = { object = true } })
  if ok and type(answer) == 'table' then return answer end
  health.error(text.clean(Client.describe_end(result)))
end

local function check_home()
  local answer = ask('get_scheduler')
  if not answer then return end
  if answer.error then
    local hint = answer.error.data and answer.error.data.hint
    return health.error(text.clean(answer.error.message), hint and text.clean(hint))
  end
  local scheduler = answer.result
  health.ok(('The home answers: %s, %d enabled'):format(text.plural(scheduler.jobs, 'job'), scheduler.enabled))
  if scheduler.held then
    health.warn('Nothing starts: ' .. text.clean(scheduler.held))
  elseif scheduler.running then
    health.ok('The scheduler runs')
  else
    health.warn('No scheduler runs: jobs run only when asked', 'Start it with :Quickscrape scheduler start')
  end
  for _, warning in ipairs(scheduler.warnings) do health.warn(text.clean(warning)) end
end

function M.check()
  health.start('quickscrape')
  if vim.fn.has('nvim-0.10') == 0 then return health.error('Neovim 0.10 or newer is needed') end
  health.ok('Neovim ' .. tostring(vim.version()))
  if check_version() then check_home() end
end

return M
