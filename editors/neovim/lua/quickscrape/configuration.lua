-- Configurations while they are edited: errors as diagnostics, and what each selector matches as virtual text.
local connection = require('quickscrape.connection')
local text = require('quickscrape.text')
local yaml_paths = require('quickscrape.yaml_paths')

local M = {}
local diagnostics = vim.api.nvim_create_namespace('quickscrape')
local counts = vim.api.nvim_create_namespace('quickscrape.counts')
local DELAY_MS = 400

local function lines_of(buffer) return vim.api.nvim_buf_get_lines(buffer, 0, -1, false) end
local function yaml_of(buffer) return table.concat(lines_of(buffer), '\n') .. '\n' end

local function name_of(buffer)
  local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':t:r')
  return name:match('^[%l%d][%l%d_-]*$') and name or nil
end

--- Whether the text is still the one that an answer is about.
local function is_current(buffer, tick)
  return vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_changedtick(buffer) == tick
end

local function diagnostic(buffer, issue, severity)
  local line = math.max(0, math.min((issue.line or 1), vim.api.nvim_buf_line_count(buffer)) - 1)
  local path = text.clean(issue.path)
  local parts = { (path ~= '' and path .. ': ' or '') .. text.clean(issue.message) }
  if issue.hint then table.insert(parts, text.clean(issue.hint)) end
  return {
    lnum = line,
    -- Columns of the program count characters from 1, those of Neovim bytes from 0.
    col = vim.fn.byteidx(lines_of(buffer)[line + 1] or '', math.max(0, (issue.column or 1) - 1)),
    message = table.concat(parts, '\n'),
    severity = severity,
    source = 'quickscrape',
  }
end

local function set_diagnostics(buffer, issues, severity)
  local found = vim.tbl_map(function(issue) return diagnostic(buffer, issue, severity) end, issues)
  for _, each in ipairs(found) do each.col = math.max(0, each.col) end
  vim.diagnostic.set(diagnostics, buffer, found)
end

--- Checks the text of a buffer. Inside of connection.async.
--- @return boolean|nil valid nil when the text was changed meanwhile
local function check(buffer)
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  local params = { config_name = name_of(buffer) or 'unnamed', yaml = yaml_of(buffer), dry_run = true }
  local ok, answer = pcall(connection.call, 'save_config', params)
  if not is_current(buffer, tick) then return nil end
  if ok then
    set_diagnostics(buffer, answer.warnings, vim.diagnostic.severity.WARN)
    return true
  end
  local code = type(answer) == 'table' and answer.data and answer.data.code
  if code == 'invalid_config' then
    set_diagnostics(buffer, answer.data.issues or { { message = answer.message } }, vim.diagnostic.severity.ERROR)
    return false
  end
  -- What only a person may save, such as a private host or a variable: the text itself is valid.
  if code ~= 'not_allowed' then error(answer, 0) end
  vim.diagnostic.reset(diagnostics, buffer)
  return true
end

--- The run whose kept page to try, else the newest one that says what its selectors matched.
local function find_run(buffer, name)
  local ok, stored = pcall(connection.call, 'get_config', { config_name = name })
  -- A new file has no runs; and the file may be of another home than the connection.
  if not ok or vim.uv.fs_realpath(stored.file) ~= vim.uv.fs_realpath(vim.api.nvim_buf_get_name(buffer)) then return end
  local newest
  for _, config in ipairs(connection.call('list_configs').configs) do
    for _, job_id in ipairs(config.config_name == name and config.jobs or {}) do
      for _, run in ipairs(connection.call('list_runs', { job_id = job_id, limit = 5 }).runs) do
        if run.pages > 0 or run.error then
          local whole = connection.call('get_run', { run_id = run.run_id, log_lines = 0, sample_items = 0 })
          if #whole.kept_pages > 0 then return whole end
          if #whole.selectors > 0 and (not newest or newest.run.queued_at < run.queued_at) then newest = whole end
        end
      end
    end
  end
  return newest
end

--- @param matches { part: string, field: string, selector: string, matched: integer }[]
--- @param source string where they come from
local function show_counts(buffer, matches, source)
  local lines = lines_of(buffer)
  local paths = yaml_paths.find(lines)
  vim.api.nvim_buf_clear_namespace(buffer, counts, 0, -1)
  local function mark(line, label, highlight)
    vim.api.nvim_buf_set_extmark(buffer, counts, line, 0, { virt_text = { { '  ' .. label, highlight } } })
  end
  for _, match in ipairs(matches) do
    local line = yaml_paths.line_of(paths, match)
    -- A selector that was changed after the run has no count yet.
    if line and lines[line + 1]:find(match.selector, 1, true) then
      if match.matched == 0 then
        mark(line, 'matches nothing', 'DiagnosticVirtualTextWarn')
      else
        mark(line, ('%d matched'):format(match.matched), 'DiagnosticVirtualTextInfo')
      end
    end
  end
  if #matches > 0 then mark(paths['selectors'] or 0, text.clean(source), 'Comment') end
end

--- Counts what the selectors match, without fetching anything. Inside of connection.async.
local function count(buffer)
  local name = name_of(buffer)
  if not name then return end
  local state = vim.b[buffer].quickscrape_run
  local run = state and vim.json.decode(state, { luanil = { object = true } })
  if not run then
    run = find_run(buffer, name)
    if not run then return vim.api.nvim_buf_clear_namespace(buffer, counts, 0, -1) end
    run = { id = run.run.run_id, at = run.run.queued_at, is_kept = #run.kept_pages > 0, selectors = run.selectors }
    vim.b[buffer].quickscrape_run = vim.json.encode(run)
  end
  local tick = vim.api.nvim_buf_get_changedtick(buffer)
  if not run.is_kept then
    return show_counts(buffer, run.selectors, ('in the run of %s'):format(text.time(run.at)))
  end
  local ok, answer = pcall(connection.call, 'test_config', {
    config_name = name,
    yaml = yaml_of(buffer),
    run_id = run.id,
    sample_items = 0,
  })
  if not is_current(buffer, tick) then return end
  if not ok then
    local code = type(answer) == 'table' and answer.data and answer.data.code
    vim.b[buffer].quickscrape_run = nil
    -- The page is gone with its run, or only a person may use this text.
    if code == 'run_not_found' or code == 'not_allowed' or code == 'invalid_params' then return end
    error(answer, 0)
  end
  local source = ('%s on the page that the run of %s kept'):format(text.plural(answer.items, 'row'), text.time(run.at))
  show_counts(buffer, answer.matches, source)
end

--- Checks the buffer and counts what its selectors match.
function M.refresh(buffer, on_error)
  connection.async(function()
    local valid = check(buffer)
    if valid then count(buffer) end
    if valid == false then vim.api.nvim_buf_clear_namespace(buffer, counts, 0, -1) end
  end, function(err)
    -- One message a buffer, until it works again: typing goes on.
    if not vim.b[buffer].quickscrape_problem then (on_error or connection.tell)(err) end
    if vim.api.nvim_buf_is_valid(buffer) then vim.b[buffer].quickscrape_problem = true end
  end)
end

--- Checks a buffer from now on whenever it changes.
function M.attach(buffer)
  if not require('quickscrape').options.check or vim.b[buffer].quickscrape_attached then return end
  vim.b[buffer].quickscrape_attached = true
  local timer = assert(vim.uv.new_timer())
  local function refresh_soon()
    timer:start(DELAY_MS, 0, vim.schedule_wrap(function()
      if vim.api.nvim_buf_is_loaded(buffer) then M.refresh(buffer) end
    end))
  end
  local group = vim.api.nvim_create_augroup('quickscrape.buffer' .. buffer, {})
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI', 'BufWritePost' }, {
    group = group,
    buffer = buffer,
    callback = refresh_soon,
  })
  connection.listen('configuration' .. buffer, function(method, params)
    local run = method == 'run_changed' and params.run
    if run and run.config_name == name_of(buffer) and run.finished_at then
      vim.b[buffer].quickscrape_run = nil
      refresh_soon()
    end
  end)
  vim.api.nvim_create_autocmd({ 'BufUnload', 'BufWipeout' }, {
    group = group,
    buffer = buffer,
    callback = function()
      connection.listen('configuration' .. buffer, nil)
      timer:stop()
      vim.b[buffer].quickscrape_attached = nil
      pcall(vim.api.nvim_del_augroup_by_id, group)
    end,
  })
  -- Reading the file is not over yet, and counts as a change.
  refresh_soon()
end

--- Tries the text of a buffer on its live pages, and shows the first rows.
function M.try(buffer)
  connection.async(function()
    vim.notify('Trying the first page …')
    local tick = vim.api.nvim_buf_get_changedtick(buffer)
    local answer = connection.call('test_config', {
      config_name = name_of(buffer),
      yaml = yaml_of(buffer),
      sample_items = 50,
    })
    if is_current(buffer, tick) then show_counts(buffer, answer.matches, text.plural(answer.items, 'row') .. ' on the live page') end
    local views = require('quickscrape.views')
    views.tried = answer
    vim.cmd.split('quickscrape://try')
    -- The buffer may be there already, with what was tried before.
    vim.cmd.edit()
  end)
end

return M
