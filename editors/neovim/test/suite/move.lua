-- :HarkMove takes the imports along.
local t = require('harness')

t.project({
  ['hark.toml'] = '',
  ['main.hk'] = 'import(clean, :hark lib);\n\nfn main() { clean("a") }\n',
  ['lib.hk'] = 'fn clean(text) { trim(text) }\n',
})
t.edit('main.hk')
t.diagnostics({})
t.edit('lib.hk')
vim.cmd('HarkMove main.hk')
t.contains(t.notified[1].text, 'exists already')

vim.cmd('HarkMove text/tidy.hk')
t.equal('tidy.hk', (t.here()))
t.equal({ 'fn clean(text) { trim(text) }' }, vim.api.nvim_buf_get_lines(0, 0, -1, false))
t.equal(nil, vim.uv.fs_stat(vim.env.PROJECT .. '/lib.hk'))
vim.cmd.buffer('main.hk')
t.contains(t.text(), 'import(clean, :hark text.tidy);')
t.contains(table.concat(vim.fn.readfile(vim.env.PROJECT .. '/main.hk'), '\n'), 'text.tidy')
t.diagnostics({})
t.to('clean', 2)
vim.lsp.buf.definition()
t.wait('the definition', function()
  return t.here() == 'tidy.hk'
end)
