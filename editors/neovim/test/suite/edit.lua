-- Renaming over several files, formatting, code actions.
local t = require('harness')

t.project({
  ['hark.toml'] = '',
  ['main.hk'] = 'import(clean, :hark lib);\n\nfn main() { clean( "a" ) }\n',
  ['lib.hk'] = 'fn clean(text) { trim(text) }\n',
})
t.edit('lib.hk')
t.edit('main.hk')
t.diagnostics({})

t.to('clean', 2)
vim.lsp.buf.rename('tidy')
t.wait('the rename here', function()
  return t.text():find('tidy( "a" )', 1, true)
end)
t.contains(t.text(), 'import(tidy, :hark lib);')
local lib = vim.api.nvim_buf_get_lines(vim.fn.bufnr('lib.hk'), 0, -1, false)
t.equal({ 'fn tidy(text) { trim(text) }' }, lib)

vim.lsp.buf.format({ timeout_ms = 30000 })
t.contains(t.text(), 'fn main() { tidy("a") }')

vim.lsp.buf.rename('main')
t.wait('a refusal', function()
  return #t.notified > 0
end)
t.contains(t.text(), 'tidy("a")')
