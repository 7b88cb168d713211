-- :QuickscrapeJobs shows the scraping jobs of this machine, live; r runs the one under the cursor.
local Client = require('quickscrape.client')

local M = { command = { 'quickscrape' } }
local client, buffer

--- @param options { command: string[]|nil } the program and its first arguments, where it is not on the PATH
function M.setup(options)
  M.command = options.command or M.command
  vim.api.nvim_create_user_command('QuickscrapeJobs', M.show, {})
  vim.api.nvim_create_autocmd('VimLeavePre', { callback = M.stop })
end

--- The client, started when it is first needed.
function M.client()
  if client then return client end
  client = Client.start(M.command, function(kind)
    -- Progress changes nothing that the list shows.
    if kind == 'job_changed' or kind == 'run_changed' then M.refresh() end
  end)
  client:request('subscribe', vim.empty_dict(), function(err)
    if err then return M.tell(err) end
    -- Show what changed before the subscription.
    M.refresh()
  end)
  return client
end

function M.show()
  buffer = vim.api.nvim_create_buf(false, true)
  vim.keymap.set('n', 'r', function() M.run(vim.api.nvim_get_current_line():match('^%S+')) end, { buffer = buffer })
  vim.api.nvim_set_current_buf(buffer)
  M.refresh()
end

function M.refresh()
  if not (buffer and vim.api.nvim_buf_is_valid(buffer)) then return end
  M.client():request('list_jobs', vim.empty_dict(), function(err, answer)
    if err then return M.tell(err) end
    local lines = vim.tbl_map(function(job)
      return ('%-24s %-10s %s'):format(job.job_id, job.status, job.next_run or '')
    end, answer.jobs)
    vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  end)
end

function M.run(job_id)
  M.client():request('run_job', { job_id = job_id, wait_seconds = 50 }, function(err, answer)
    if err then return M.tell(err) end
    vim.notify(('%s: %s, %d items'):format(job_id, answer.run.status, answer.run.items))
  end)
end

function M.tell(err)
  local hint = err.data and err.data.hint
  vim.notify(hint and (err.message .. ' ' .. hint) or err.message, vim.log.levels.ERROR)
end

function M.stop()
  if client then client:stop() end
  client = nil
end

return M
