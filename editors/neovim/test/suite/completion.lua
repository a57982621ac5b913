-- The popup menu opens as for somebody who types, and what is chosen is inserted.
local t = require('harness')

t.open('fn helper(count) { count }\nfn helpless() { 1 }\nfn main() {\n  hel\n}\n')
t.diagnostics({ '4 HK0101' })
t.equal('v:lua.vim.lsp.omnifunc', vim.bo.omnifunc)
t.to('hel', 3)

local words
vim.api.nvim_create_autocmd('CompleteChanged', {
  callback = function()
    words = vim.tbl_map(function(item)
      return item.word
    end, vim.fn.complete_info({ 'items' }).items)
  end,
})
t.insert('A<C-x><C-o>', function()
  return words
end, '<C-y><Esc>')

t.equal({ 'helper', 'helpless' }, vim.list_slice(words, 1, 2))
t.contains(vim.api.nvim_get_current_line(), 'helper')
