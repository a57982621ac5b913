-- What is done to one file shows in the others: by an edit, and by what is saved beside them.
local t = require('harness')

t.project({
  ['hark.toml'] = '',
  ['main.hk'] = 'import(fetch, net, 1);\nimport(clean, :hark lib);\n\nfn main() { clean(fetch("a")) }\n',
  ['lib.hk'] = 'fn clean(text) { text }\n',
  ['src/net.py'] = 'def fetch(url):\n    return url\n',
})
t.edit('main.hk')
t.diagnostics({})

vim.cmd.split('lib.hk')
t.to('text')
t.keys('ciwtext, more<Esc>')
vim.cmd.wincmd('p')
t.diagnostics({ '4 HK0201' })
vim.cmd.wincmd('p')
t.keys('u')
vim.cmd.wincmd('p')
t.diagnostics({})

vim.cmd.edit('src/net.py')
t.to('fetch')
t.keys('ciwload<Esc>')
vim.cmd.write()
vim.cmd.edit('main.hk')
t.wait('the function that is missing', function()
  local first = vim.diagnostic.get(0)[1]
  return first and first.message:find('fetch', 1, true)
end)
