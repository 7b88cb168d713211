-- Where the keys of a configuration stand. Only block style: that is what configurations are written in.
local M = {}

--- The key of a line, without quotes, and where it begins.
local function read_key(line)
  local indent, rest = line:match('^( *)(.*)$')
  local key = rest:match('^"(.-)"%s*:') or rest:match("^'(.-)'%s*:") or rest:match('^([^%s#"\'%-][^:#]-)%s*:%s') or
    rest:match('^([^%s#"\'%-][^:#]-)%s*:$')
  return key, #indent
end

--- @param lines string[]
--- @return table<string, integer> the line, from 0, of each key by its path: `selectors.title.selector`
function M.find(lines)
  local found, open = {}, {}
  local block
  for number, line in ipairs(lines) do
    local key, indent = read_key(line)
    -- The text of a block scalar has no keys.
    if block and line:match('%S') and indent <= block then block = nil end
    if key and not block then
      while #open > 0 and open[#open].indent >= indent do table.remove(open) end
      table.insert(open, { indent = indent, key = key })
      local path = table.concat(vim.tbl_map(function(entry) return entry.key end, open), '.')
      found[path] = found[path] or number - 1
      if line:match(':%s+[|>][%d+-]*%s*$') then block = indent end
    end
  end
  return found
end

--- The line of a selector, as get_run and test_config name it.
--- @param match { part: string, field: string }
function M.line_of(paths, match)
  if match.part ~= 'field' then return paths[match.field] end
  for _, parent in ipairs({ 'selectors.', 'follow.selectors.' }) do
    local path = parent .. match.field
    if paths[path] then return paths[path .. '.selector'] or paths[path] end
  end
  return nil
end

return M
