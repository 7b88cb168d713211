-- Texts for buffers and messages. Much of it comes from web pages, so control characters are replaced.
local M = {}

local REPLACEMENT = '\u{FFFD}'

--- One line of plain text, whatever the value.
function M.clean(value)
  if value == nil or value == vim.NIL then return '' end
  if type(value) == 'table' then value = vim.json.encode(value) end
  if type(value) == 'number' and value % 1 == 0 and math.abs(value) < 2 ^ 53 then value = ('%d'):format(value) end
  local text = tostring(value):gsub('[\r\n\t]+', ' '):gsub('[%z\1-\31\127]', REPLACEMENT)
  -- C1 controls, and characters that change the direction of writing.
  text = text:gsub('\xC2[\x80-\x9F]', REPLACEMENT)
  text = text:gsub('\xE2\x80[\x8E\x8F\xA8-\xAE]', REPLACEMENT):gsub('\xE2\x81[\xA6-\xA9]', REPLACEMENT)
  return text
end

--- Cuts a text to a display width.
function M.cut(text, width)
  if #text <= width or vim.fn.strdisplaywidth(text) <= width then return text end
  local length = width
  local head = vim.fn.strcharpart(text, 0, length)
  while vim.fn.strdisplaywidth(head) >= width do
    length = length - 1
    head = vim.fn.strcharpart(text, 0, length)
  end
  return head .. '…'
end

--- @param instant string|nil RFC 3339
function M.time(instant)
  if not instant then return '' end
  local day, minute, zone = instant:match('^(%d+-%d+-%d+)T(%d+:%d+):[%d.]+(.*)$')
  if not day then return instant end
  return ('%s %s %s'):format(day, minute, (zone == '+00:00' or zone == 'Z') and 'UTC' or zone)
end

--- @param ms number|nil
function M.duration(ms)
  if not ms then return '' end
  local seconds = ms / 1000
  if seconds < 60 then return ('%.1f s'):format(seconds) end
  local minutes = math.floor(seconds / 60)
  if minutes < 60 then return ('%d min %02d s'):format(minutes, seconds % 60) end
  return ('%d h %02d min'):format(math.floor(minutes / 60), minutes % 60)
end

--- `1 item`, `2 items`
function M.plural(count, noun) return ('%d %s%s'):format(count, noun, count == 1 and '' or 's') end

--- Lays cells out in columns.
--- @param rows string[][] clean texts; the first row has the titles
--- @param max_width integer of a column
--- @return string[] lines, integer[][] starts the byte at which each cell begins
function M.columns(rows, max_width)
  local widths = {}
  local cut = vim.tbl_map(function(row)
    local cells = {}
    for index, text in ipairs(row) do
      cells[index] = M.cut(text, max_width)
      widths[index] = math.max(widths[index] or 0, vim.fn.strdisplaywidth(cells[index]))
    end
    return cells
  end, rows)
  local lines, starts = {}, {}
  for number, cells in ipairs(cut) do
    local line, at = '', {}
    for index, text in ipairs(cells) do
      at[index] = #line
      line = line .. text
      if index < #cells then
        line = line .. (' '):rep(widths[index] - vim.fn.strdisplaywidth(text) + 2)
      end
    end
    lines[number], starts[number] = line, at
  end
  return lines, starts
end

return M
