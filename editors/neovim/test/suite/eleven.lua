-- Neovim 0.11 starts servers itself, from a configuration that it is given. Here a stand-in takes it.
local t = require('harness')

if vim.lsp.config then
  return -- the other scenarios show it
end
local given, enabled = {}, {}
vim.lsp.config = function(name, configuration)
  given[name] = configuration
end
vim.lsp.enable = function(name)
  table.insert(enabled, name)
end
require('hark').setup({ args = { '--log-level', 'debug' }, settings = { hark = { lint = { HK0104 = 'off' } } } })

local configuration = given.hark_ls
t.equal({ 'hark_ls' }, enabled)
t.equal({ 'hark-ls', 'lsp', '--log-level', 'debug' }, configuration.cmd)
t.equal({ 'hark' }, configuration.filetypes)
t.equal({ hark = { lint = { HK0104 = 'off' } } }, configuration.settings)

t.project({ ['hark.toml'] = '', ['lib/main.hk'] = 'fn main() { 1 }\n' })
vim.api.nvim_buf_set_name(0, vim.env.PROJECT .. '/lib/main.hk')
local root
configuration.root_dir(0, function(folder)
  root = folder
end)
t.equal(vim.env.PROJECT, root)

-- Without the program, the user is told.
require('hark').setup({ binary = 'no-such-program' })
vim.bo.filetype = 'hark'
t.contains(t.notified[1].text, 'no-such-program')
