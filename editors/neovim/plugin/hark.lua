-- Loaded once when Neovim starts: commands, and the server for files to come.
if vim.g.loaded_hark then
  return
end
vim.g.loaded_hark = true

if vim.fn.has('nvim-0.10') == 0 then
  vim.notify('hark: Neovim 0.10 or newer is needed', vim.log.levels.ERROR)
  return
end

require('hark.commands').define()
require('hark.attach').enable()
