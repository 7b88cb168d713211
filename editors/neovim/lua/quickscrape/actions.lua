-- What changes something: run, cancel, enable, new configurations, the scheduler.
local connection = require('quickscrape.connection')
local text = require('quickscrape.text')

local M = {}
local ACTIVE = { queued = true, running = true, waiting_retry = true }
--- Runs that were started here, to say how they end.
local started = {}

local function say(message, level) vim.notify(text.clean(message), level or vim.log.levels.INFO) end

function M.is_active(run) return ACTIVE[run.status] == true end

local function announce(method, params)
  local run = method == 'run_changed' and params.run
  if not run or not started[run.run_id] or M.is_active(run) then return end
  started[run.run_id] = nil
  local reason = run.error and run.error.message or run.reason
  local message = ('%s: %s, %s%s'):format(
    run.job_id,
    run.status,
    text.plural(run.items, 'item'),
    reason and ': ' .. reason or ''
  )
  -- A message that is longer than the line would ask for a key. The log has all of it.
  say(text.cut(text.clean(message), vim.v.echospace), run.status ~= 'succeeded' and vim.log.levels.WARN or nil)
end

local function follow(run)
  started[run.run_id] = true
  connection.listen('actions', announce)
end

function M.run(job_id)
  connection.async(function()
    local answer = connection.call('run_job', { job_id = job_id })
    follow(answer.run)
    say(('%s: %s'):format(job_id, answer.run.status))
  end)
end

function M.retry(run_id)
  connection.async(function()
    local run = connection.call('retry_run', { run_id = run_id }).run
    follow(run)
    say(('%s: run again as %s'):format(run.job_id, run.run_id))
  end)
end

--- The newest run of a job, or the run of this id. Inside of connection.async.
function M.find_run(id)
  local ok, answer = pcall(connection.call, 'list_runs', { job_id = id, limit = 1 })
  if ok and answer.runs[1] then return answer.runs[1] end
  if ok then error({ message = 'the job ' .. id .. ' has not run yet' }, 0) end
  if type(answer) ~= 'table' or not answer.data or answer.data.code ~= 'job_not_found' then error(answer, 0) end
  local found, run = pcall(connection.call, 'get_run', { run_id = id, log_lines = 0, sample_items = 0 })
  if found then return run.run end
  -- Neither a job nor a run: jobs are what people name.
  error(type(run) == 'table' and run.data and run.data.code == 'run_not_found' and answer or run, 0)
end

--- @param id string of a job with an active run, or of a run
function M.cancel(id)
  connection.async(function()
    local run = M.find_run(id)
    if not M.is_active(run) then return say(('%s: no run is active'):format(run.job_id)) end
    local answer = connection.call('cancel_run', { run_id = run.run_id })
    say(answer.warnings[1] or ('%s: %s'):format(run.job_id, answer.run.status))
  end)
end

function M.set_enabled(job_id, enabled)
  connection.async(function()
    local answer = connection.call('update_job', { job_id = job_id, changes = { enabled = enabled } })
    local state = enabled and 'enabled' or 'disabled'
    local changed = vim.tbl_contains(answer.changed, 'paused') and 'resumed' or state
    say(('%s: %s'):format(job_id, #answer.changed == 0 and 'is ' .. state .. ' already' or changed))
  end)
end

function M.edit_configuration(config_name)
  connection.async(function()
    local file = connection.call('get_config', { config_name = config_name }).file
    vim.cmd.edit(vim.fn.fnameescape(file))
  end)
end

--- @param action 'start'|'stop'
function M.scheduler(action)
  connection.async(function()
    -- The notification says when it has ended: nothing here waits for the active runs.
    local params = action == 'stop' and { wait_seconds = 0 } or {}
    local scheduler = connection.call(action .. '_scheduler', params)
    local state = action == 'stop' and (scheduler.running and 'stops when its runs have finished' or 'has stopped')
    say('The scheduler ' .. (state or 'runs'))
  end)
end

--- Makes a configuration of what repeats on a page, by `quickscrape wizard`, and opens it.
--- @param name string|nil made from the address when left out
function M.new_configuration(url, name)
  local words = { 'wizard', '--yes', '--json' }
  if name then vim.list_extend(words, { '--name', name }) end
  local command = connection.command(vim.list_extend(words, { '--', url }))
  say('Reading ' .. url .. ' …')
  local ok, problem = pcall(vim.system, command, {}, vim.schedule_wrap(function(result)
    local decoded, answer = pcall(vim.json.decode, result.stdout, { luanil = { object = true } })
    if not decoded then answer = select(2, pcall(vim.json.decode, result.stderr, { luanil = { object = true } })) end
    if type(answer) == 'table' and answer.error then
      return connection.tell({ message = answer.error.message, data = answer.error })
    end
    if result.code ~= 0 or type(answer) ~= 'table' or not answer.file then
      return connection.tell({ message = require('quickscrape.client').describe_end(result):gsub(' rpc ', ' wizard ') })
    end
    vim.cmd.edit(vim.fn.fnameescape(answer.file))
    say(('%s: %s on the first pages'):format(answer.config_name, text.plural(answer.items, 'item')))
  end))
  if not ok then
    connection.tell({ message = require('quickscrape.client').describe_failure(command[1], problem) })
  end
end

return M
