-- A restart gives every open Hark file a new server of its own project; a server that has died can be had back.
local t = require('harness')

t.project({
  ['one/hark.toml'] = '',
  ['one/main.hk'] = 'fn main() { oops }\n',
  ['one/lib/deep.hk'] = 'fn deep() { 1 }\n',
  ['two/main.hk'] = 'fn main() { 1 }\n',
})
t.edit('two/main.hk')
t.equal(vim.env.PROJECT .. '/two', t.client().config.root_dir, 'without hark.toml')
t.edit('one/lib/deep.hk')
t.equal(vim.env.PROJECT .. '/one', t.client().config.root_dir, 'with hark.toml')
t.edit('one/main.hk')
t.diagnostics({ '1 HK0101' })
t.equal(2, #vim.lsp.get_clients(), 'a server per project')

local before = t.client().id
vim.cmd.HarkRestart()
t.wait('another client', function()
  return t.client() and t.client().id ~= before
end)
t.wait('both of them', function()
  return #vim.lsp.get_clients() == 2
end)
t.diagnostics({ '1 HK0101' })
t.wait('the other file', function()
  return #vim.lsp.get_clients({ bufnr = vim.fn.bufnr('one/lib/deep.hk') }) == 1
end)

t.stop()
vim.cmd.HarkRestart()
t.wait('a client again', t.client)
