-- The options. Without setup() the program on the PATH is used.
local M = {
  options = {
    --- The program and its first arguments, such as { 'quickscrape', '--home', '/srv/scraping' }.
    command = { 'quickscrape' },
    --- Flags of `quickscrape rpc`, such as { '--read-only' }.
    rpc_args = {},
    --- Whether configurations are checked, and their selectors counted, while they are edited.
    check = true,
  },
}

--- @param options { command: string[]|nil, rpc_args: string[]|nil, check: boolean|nil }|nil
function M.setup(options)
  vim.validate({ options = { options, 'table', true } })
  local merged = vim.tbl_extend('force', M.options, options or {})
  local function is_list(value) return vim.islist(value) end
  vim.validate({
    ['command, the program and its arguments'] = {
      merged.command,
      function(value) return is_list(value) and #value > 0 end,
      'a list of strings',
    },
    rpc_args = { merged.rpc_args, is_list, 'a list of strings' },
    check = { merged.check, 'boolean' },
  })
  M.options = merged
end

return M
