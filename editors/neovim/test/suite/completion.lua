-- The popup menu opens as for somebody who types, and what is chosen is inserted.
local t = require('harness')

t.open('fn helper(count) { count }\nfn helpless() { 1 }\nfn main() {\n  hel\n}\n')
t.diagnostics({ '4 HK0101' })
t.equal('v:lua.vim.lsp.omnifunc', vim.bo.omnifunc)
t.to('hel', 3)

local shown = {}
vim.api.nvim_create_autocmd('CompleteChanged', {
  callback = function()
    for i, entry in ipairs(vim.fn.complete_info().items) do
      shown[i] = entry.word
    end
  end,
})
t.insert('A<C-x><C-o>', function()
  return #shown > 0
end, '<C-y><Esc>')

t.equal({ 'helper', 'helpless' }, { shown[1], shown[2] })
t.contains(vim.api.nvim_get_current_line(), 'helper')
