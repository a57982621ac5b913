-- Settings reach the server, at the start and when they change.
local t = require('harness')

require('hark').setup({ settings = { lint = { HK0104 = 'off' }, inlayHints = { parameterNames = false } } })
t.open('fn f(size) { size }\nfn main() { f(1); oops; later }\nfn g(unused) { 1 }\n')
local function codes()
  return vim.tbl_map(function(d)
    return d.code
  end, vim.diagnostic.get(0))
end
t.wait('only the other diagnostics', function()
  return #codes() > 0 and not vim.tbl_contains(codes(), 'HK0104')
end)
t.equal(
  {},
  t.request(
    'textDocument/inlayHint',
    { range = { start = { line = 1, character = 0 }, ['end'] = { line = 2, character = 0 } } }
  )
)

-- A restart takes new ones.
require('hark').setup({})
vim.cmd.HarkRestart()
t.wait('the diagnostic', function()
  return vim.tbl_contains(codes(), 'HK0104')
end)

-- Without autostart, a server is started by hand; "~" in the path of the binary is the home folder.
t.stop()
local there = vim.fn.exepath('hark-ls')
vim.fn.mkdir(vim.env.HOME .. '/tools', 'p')
vim.uv.fs_symlink(there, vim.env.HOME .. '/tools/hark-ls')
require('hark').setup({ autostart = false, binary = '~/tools/hark-ls' })
vim.cmd.edit('main.hk')
t.equal(nil, t.client())
vim.cmd.HarkRestart()
t.equal(vim.env.HOME .. '/tools/hark-ls', t.wait('a client', t.client).config.cmd[1])
