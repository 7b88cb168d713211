-- The one connection of this Neovim, opened when it is first needed, and those that listen to its notifications.
local Client = require('quickscrape.client')
local text = require('quickscrape.text')

local M = {}
local client
local listeners = {}

local function publish(method, params)
  for _, listener in pairs(listeners) do listener(method, params) end
end

--- @param key any a later listener with the same key takes its place
--- @param listener fun(method: string, params: table|nil)|nil also called with 'connected' and 'disconnected'
function M.listen(key, listener) listeners[key] = listener end

--- Shows an error: its message and what to do next.
--- @param err quickscrape.Error
function M.tell(err)
  if err.is_end then return end
  local message = text.clean(err.message)
  local data = type(err.data) == 'table' and err.data or {}
  if err.code == -32601 then
    message = message .. '. This quickscrape is older than the plugin: upgrade it'
  elseif data.hint then
    message = ('%s%s %s'):format(message, message:match('[.!?]$') and '' or '.', text.clean(data.hint))
  end
  vim.notify('QuickScrape: ' .. message, vim.log.levels.ERROR)
end

--- @param words string[] of a command line after the program
function M.command(words)
  return vim.list_extend(vim.list_slice(require('quickscrape').options.command), words)
end

local function connect()
  if client and not client.ended then return client end
  local words = vim.list_extend({ 'rpc' }, require('quickscrape').options.rpc_args)
  local this, problem
  this, problem = Client.start(M.command(words), publish, function(message)
    if client == this then client = nil end
    M.tell({ message = message })
    publish('disconnected', { message = message })
  end)
  if not this then return nil, problem end
  client = this
  client:request('subscribe', vim.empty_dict(), function(err)
    -- Reported by the request that opened the connection.
    if not err then publish('connected') end
  end)
  return client
end

--- @param answer fun(error: quickscrape.Error|nil, result: table|nil)
function M.request(method, params, answer)
  local open, problem = connect()
  if not open then return answer({ message = problem }) end
  open:request(method, next(params) and params or vim.empty_dict(), answer)
end

local steps = setmetatable({}, { __mode = 'k' })

--- Runs work that may use M.call. Its errors are shown, or passed to `on_error`.
function M.async(work, on_error)
  local thread = coroutine.create(work)
  local function step(...)
    local ok, err = coroutine.resume(thread, ...)
    if not ok then (on_error or M.tell)(type(err) == 'table' and err or { message = tostring(err) }) end
  end
  steps[thread] = step
  step()
end

--- Calls an operation inside M.async, and returns its result.
function M.call(method, params)
  local thread = coroutine.running()
  local step = steps[thread]
  M.request(method, params or {}, vim.schedule_wrap(step))
  local err, result = coroutine.yield()
  if err then error(err, 0) end
  return result
end

--- Calls an operation and waits. @return table|nil result nil after an error or the timeout
function M.call_and_wait(method, params, timeout_ms)
  local answered, result = false, nil
  M.request(method, params, function(_, value) answered, result = true, value end)
  vim.wait(timeout_ms, function() return answered end, 5)
  return result
end

function M.client() return client end

function M.stop()
  if client then client:stop() end
  client = nil
end

return M
