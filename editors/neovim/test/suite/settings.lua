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
