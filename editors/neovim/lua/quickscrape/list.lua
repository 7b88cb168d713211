-- Buffers that show rows: drawing, the row under the cursor, and redrawing when something changes.
local connection = require('quickscrape.connection')
local text = require('quickscrape.text')

local M = {}
local namespace = vim.api.nvim_create_namespace('quickscrape.list')
--- @type table<integer, table> the views by buffer
local views = {}

--- @class quickscrape.Content
--- @field head string[] lines above the table
--- @field titles string[]|nil of the columns
--- @field rows { id: string|nil, cells: string[], highlight: string|nil, value: any }[] the highlight of the first cell
--- @field empty string|nil what to say without rows
--- @field is_plain boolean|nil each row is a line of text: no columns

--- @class quickscrape.View
--- @field load fun(): any calls operations; its result is what `content` draws
--- @field content fun(data: any): quickscrape.Content
--- @field changed fun(method: string, params: table|nil): 'load'|'draw'|nil
--- @field keys table<string, { [1]: string, [2]: fun(row: table|nil) }>
--- @field follows boolean|nil the cursor stays at the end

--- Makes a buffer show a view.
function M.show(buffer, view)
  local options = vim.bo[buffer]
  options.buftype, options.bufhidden, options.swapfile = 'nofile', 'hide', false
  options.buflisted, options.modeline, options.undolevels = false, false, -1
  options.modifiable = false
  options.filetype = 'quickscrape'
  local state = { buffer = buffer, view = view, lines = {}, version = 0 }
  views[buffer] = state
  for key, action in pairs(view.keys) do
    vim.keymap.set('n', key, function() action[2](M.row_under_cursor()) end, {
      buffer = buffer,
      nowait = true,
      desc = 'QuickScrape: ' .. action[1],
    })
  end
  connection.listen(buffer, function(method, params)
    if method == 'disconnected' then
      state.problem = params.message
      return M.draw(buffer)
    end
    local want = method == 'connected' and 'load' or view.changed(method, params)
    if want == 'load' then M.load_soon(state) elseif want == 'draw' then M.draw(buffer) end
  end)
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buffer,
    once = true,
    callback = function()
      views[buffer] = nil
      connection.listen(buffer, nil)
    end,
  })
  M.load(buffer)
end

--- Loads after a moment, once for all changes in it.
function M.load_soon(state)
  if state.is_due then return end
  state.is_due = true
  vim.defer_fn(function()
    state.is_due = false
    M.load(state.buffer)
  end, 80)
end

function M.load(buffer)
  local state = views[buffer]
  if not state then return end
  state.version = state.version + 1
  local version = state.version
  connection.async(function()
    local data = state.view.load()
    -- A later load has begun.
    if version ~= state.version then return end
    state.data, state.problem = { data }, nil
    M.draw(buffer)
  end, function(err)
    state.problem = text.clean(err.message)
    M.draw(buffer)
    connection.tell(err)
  end)
end

function M.draw(buffer)
  local state = views[buffer]
  if not (state and vim.api.nvim_buf_is_loaded(buffer)) then return end
  local content = state.data and state.view.content(state.data[1]) or { head = {}, rows = {} }
  local lines = vim.tbl_map(text.clean, content.head)
  if state.problem then table.insert(lines, 1, 'Not up to date (R tries again): ' .. state.problem) end
  local top = #lines
  local drawn, starts = M.table_lines(content)
  vim.list_extend(lines, drawn)
  if #content.rows == 0 and content.empty and not state.problem then table.insert(lines, content.empty) end

  local cursors = M.remember_cursors(state)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].modified = false
  local offset = top + (content.titles and 1 or 0)
  state.lines = {}
  for index, row in ipairs(content.rows) do state.lines[offset + index] = row end
  M.highlight(buffer, state, content, { top = top, offset = offset, starts = starts })
  M.restore_cursors(state, cursors, #lines)
end

--- The lines of the table with its titles, and where the cells of each begin.
function M.table_lines(content)
  if content.is_plain then
    return vim.tbl_map(function(row) return row.cells[1] end, content.rows), {}
  end
  if #content.rows == 0 then return {}, {} end
  local cells = vim.tbl_map(function(row) return row.cells end, content.rows)
  if content.titles then table.insert(cells, 1, content.titles) end
  return text.columns(cells, 60)
end

function M.highlight(buffer, state, content, at)
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  local function mark(line, group, finish)
    local length = #vim.api.nvim_buf_get_lines(buffer, line, line + 1, false)[1]
    local options = { end_col = math.min(finish or length, length), hl_group = group }
    vim.api.nvim_buf_set_extmark(buffer, namespace, line, 0, options)
  end
  for line = 0, at.top - 1 do
    mark(line, state.problem and line == 0 and 'DiagnosticError' or 'Comment')
  end
  if content.titles and #content.rows > 0 then mark(at.top, 'Title') end
  for number, row in pairs(state.lines) do
    local starts = at.starts[number - at.top]
    if row.highlight then mark(number - 1, row.highlight, starts and starts[2]) end
  end
end

function M.windows(buffer)
  return vim.tbl_filter(function(window)
    return vim.api.nvim_win_get_buf(window) == buffer
  end, vim.api.nvim_list_wins())
end

--- By row, since a change may move it to another line.
function M.remember_cursors(state)
  local cursors = {}
  local last = vim.api.nvim_buf_line_count(state.buffer)
  for _, window in ipairs(M.windows(state.buffer)) do
    local position = vim.api.nvim_win_get_cursor(window)
    local row = state.lines[position[1]]
    cursors[window] = { position = position, id = row and row.id, is_last = position[1] == last }
  end
  return cursors
end

function M.restore_cursors(state, cursors, count)
  local by_id, first = {}, nil
  for number, row in pairs(state.lines) do
    if row.id then by_id[row.id] = number end
    if not first or number < first then first = number end
  end
  for window, cursor in pairs(cursors) do
    local line = by_id[cursor.id] or cursor.position[1]
    if state.view.follows and cursor.is_last then line = count end
    -- The first time, the cursor goes to the first row.
    if not state.was_drawn and first and not state.view.follows then line = first end
    vim.api.nvim_win_set_cursor(window, { math.max(1, math.min(line, count)), cursor.position[2] })
  end
  if first then state.was_drawn = true end
end

--- @return table|nil row of the current buffer
function M.row_under_cursor()
  local state = views[vim.api.nvim_get_current_buf()]
  return state and state.lines[vim.api.nvim_win_get_cursor(0)[1]]
end

--- Shows the keys of the current buffer.
function M.show_keys()
  local state = views[vim.api.nvim_get_current_buf()]
  local keys = vim.tbl_keys(state.view.keys)
  table.sort(keys, function(a, b) return a:lower() < b:lower() end)
  local lines = vim.tbl_map(function(key) return { ('%-6s%s\n'):format(key, state.view.keys[key][1]) } end, keys)
  vim.api.nvim_echo(lines, false, {})
end

return M
