-- Speaks JSON-RPC 2.0 with `quickscrape rpc`, one message a line. Needs Neovim 0.10 (vim.system).
local Client = {}
Client.__index = Client

--- @param command string[] the program and its first arguments: { 'quickscrape' }
--- @param on_change fun(kind: string, params: table) called for job_changed, run_changed …, once subscribed
function Client.start(command, on_change)
  local self = setmetatable({ on_change = on_change, waiting = {}, last_id = 0, rest = '' }, Client)
  self.process = vim.system(vim.list_extend(vim.list_slice(command), { 'rpc' }), {
    stdin = true,
    -- Called outside of the main loop, where most of Neovim cannot be touched.
    stdout = vim.schedule_wrap(function(_, data)
      if data then self:_receive(data) end
    end),
  }, vim.schedule_wrap(function(ended)
    for _, answer in pairs(self.waiting) do
      answer({ message = 'quickscrape rpc has ended: ' .. (ended.stderr or '') })
    end
    self.waiting = {}
  end))
  return self
end

--- Params go by name. The error has code, message and data with code, field, hint.
--- @param answer fun(error: table|nil, result: table|nil)
function Client:request(method, params, answer)
  self.last_id = self.last_id + 1
  self.waiting[self.last_id] = answer
  local request = { jsonrpc = '2.0', id = self.last_id, method = method, params = params }
  self.process:write(vim.json.encode(request) .. '\n')
end

--- The same, waiting for the answer.
function Client:call(method, params, timeout_ms)
  local answered, failure, result = false, nil, nil
  self:request(method, params, function(err, res)
    answered, failure, result = true, err, res
  end)
  if not vim.wait(timeout_ms or 5000, function() return answered end, 5) then
    error(method .. ': no answer')
  end
  if failure then error(failure.message, 0) end
  return result
end

--- The end of its input ends the server, once it has answered; runs that it started go on.
function Client:stop()
  self.process:write(nil)
  return self.process:wait(5000)
end

function Client:_receive(data)
  local lines = vim.split(self.rest .. data, '\n', { plain = true })
  self.rest = table.remove(lines)
  for _, line in ipairs(lines) do
    self:_take(vim.json.decode(line, { luanil = { object = true, array = true } }))
  end
end

function Client:_take(message)
  if message.method then return self.on_change(message.method, message.params) end
  local answer = self.waiting[message.id]
  self.waiting[message.id] = nil
  if answer then answer(message.error, message.result) end
end

return Client
