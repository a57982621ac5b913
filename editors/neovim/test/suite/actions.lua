-- A code action mends what a diagnostic complains about.
local t = require('harness')

t.open('fn helper(a) { a }\n\nfn main() { helpr(1) }\n')
t.diagnostics({ '3 HK0101' })
t.to('helpr')

local offered
vim.ui.select = function(items, _, choose)
  offered = vim.tbl_map(function(item)
    return item.action.title
  end, items)
  choose(items[1])
end
vim.lsp.buf.code_action({ context = { only = { 'quickfix' } } })
t.wait('the fix', function()
  return t.text():find('helper(1)', 1, true)
end)
t.contains(offered[1], 'helper')
t.diagnostics({})
