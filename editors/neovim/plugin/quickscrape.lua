-- Defines :Quickscrape. All else is loaded when it is first used.
if vim.g.loaded_quickscrape then return end
vim.g.loaded_quickscrape = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.api.nvim_create_user_command('Quickscrape', function()
    vim.notify('QuickScrape: this plugin needs Neovim 0.10 or newer', vim.log.levels.ERROR)
  end, { nargs = '*' })
  return
end

vim.api.nvim_create_user_command('Quickscrape', function(input)
  require('quickscrape.commands').run(input.fargs)
end, {
  nargs = '*',
  desc = 'Jobs, runs and configurations of QuickScrape Jobs',
  complete = function(lead, line) return require('quickscrape.commands').complete(lead, line) end,
})

local group = vim.api.nvim_create_augroup('quickscrape', {})

-- The lists are buffers with names, so that :edit, CTRL-O and sessions open them too.
vim.api.nvim_create_autocmd('BufReadCmd', {
  group = group,
  pattern = 'quickscrape://*',
  callback = function(event) require('quickscrape.views').read(event.buf, event.match) end,
})

vim.api.nvim_create_autocmd({ 'BufReadPost', 'BufNewFile' }, {
  group = group,
  pattern = { '*/configs/*.yaml', '*/configs/*.yml' },
  callback = function(event)
    local folder = vim.fs.dirname(event.match)
    -- Either file says that the folder is that of a home.
    if vim.uv.fs_stat(folder .. '/.schema.json') or vim.uv.fs_stat(vim.fs.dirname(folder) .. '/quickscrape.db') then
      require('quickscrape.configuration').attach(event.buf)
    end
  end,
})

vim.api.nvim_create_autocmd('VimLeavePre', {
  group = group,
  callback = function()
    local connection = package.loaded['quickscrape.connection']
    if connection then connection.stop() end
  end,
})
