-- Speaks JSON-RPC 2.0 with `quickscrape rpc`, one message a line.
local text = require('quickscrape.text')

local Client = {}
Client.__index = Client

--- @class quickscrape.Error
--- @field message string
--- @field is_end boolean|nil the connection has ended, which is told once
--- @field data { code: string, field: string|nil, hint: string|nil, issues: table[]|nil }|nil

--- @param command string[] the whole command line
--- @param on_notification fun(method: string, params: table|nil)
--- @param on_end fun(message: string) called when it ends by itself, after the requests that wait for an answer
--- @return table|nil client
--- @return string|nil problem why it could not be started
function Client.start(command, on_notification, on_end)
  local self = setmetatable({ on_notification = on_notification, waiting = {}, last_id = 0, chunks = {} }, Client)
  local ok, process = pcall(vim.system, command, {
    stdin = true,
    -- Called outside of the main loop, where most of Neovim cannot be touched.
    stdout = vim.schedule_wrap(function(_, data)
      if data then self:_receive(data) end
    end),
  }, vim.schedule_wrap(function(result)
    self.ended = self.problem or Client.describe_end(result)
    local waiting = self.waiting
    self.waiting = {}
    for _, answer in pairs(waiting) do answer({ message = self.ended, is_end = true }) end
    if not self.stopped then on_end(self.ended) end
  end))
  if not ok then return nil, Client.describe_failure(command[1], process) end
  self.process = process
  return self
end

--- Why a program could not be started.
function Client.describe_failure(program, reason)
  if vim.fn.executable(program) == 0 then
    return ('the program %s was not found. Install QuickScrape Jobs, or name it in '):format(text.clean(program))
      .. "require('quickscrape').setup({ command = { … } })"
  end
  return ('%s cannot be started: %s'):format(text.clean(program), text.clean(reason))
end

--- How `quickscrape rpc` ended, in one line.
function Client.describe_end(result)
  if result.signal ~= 0 then
    return ('quickscrape rpc was killed by signal %d. The next command starts it again'):format(result.signal)
  end
  -- The message is the first line; what follows are hints.
  local first = vim.trim(result.stderr or ''):match('^[^\n]*') or ''
  local reason = first == '' and '' or ': ' .. text.cut(text.clean(first), 300)
  return ('quickscrape rpc has ended with exit code %d%s'):format(result.code, reason)
end

--- @param params table by name
--- @param answer fun(error: quickscrape.Error|nil, result: table|nil)
function Client:request(method, params, answer)
  if self.ended then return answer({ message = self.ended, is_end = true }) end
  self.last_id = self.last_id + 1
  self.waiting[self.last_id] = answer
  local request = { jsonrpc = '2.0', id = self.last_id, method = method, params = params }
  -- Its end has not been reported yet: the request is answered then.
  pcall(self.process.write, self.process, vim.json.encode(request) .. '\n')
end

--- The end of its input ends the server, once it has answered; runs that it started go on.
function Client:stop()
  self.stopped = true
  if not self.ended then pcall(self.process.write, self.process, nil) end
end

--- For tests: stops the server and waits for its end.
function Client:wait()
  self:stop()
  return self.process:wait(5000)
end

function Client:_receive(data)
  local from = 1
  while true do
    local at = data:find('\n', from, true)
    if not at then break end
    table.insert(self.chunks, data:sub(from, at - 1))
    local line = table.concat(self.chunks)
    self.chunks, from = {}, at + 1
    if line ~= '' then self:_take(line) end
  end
  if from <= #data then table.insert(self.chunks, data:sub(from)) end
end

local function decode(line) return vim.json.decode(line, { luanil = { object = true } }) end

function Client:_take(line)
  local ok, message = pcall(decode, line)
  -- Half of a surrogate pair, which a page may contain, is an error for vim.json.
  if not ok then ok, message = pcall(decode, (line:gsub('\\u[dD][89a-fA-F]%x%x', '\\ufffd'))) end
  if not ok or type(message) ~= 'table' then
    local shown = text.cut(text.clean(line), 80)
    self.problem = ('"%s" is not a message of quickscrape rpc. Is the option `command` right?'):format(shown)
    return self.process:kill('sigterm')
  end
  if message.method then return self.on_notification(message.method, message.params) end
  local answer = self.waiting[message.id or 0]
  self.waiting[message.id or 0] = nil
  if answer then answer(message.error, message.result) end
end

return Client
