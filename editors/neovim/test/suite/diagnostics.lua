-- Diagnostics come with the file, go with the mistake, and come again.
local t = require('harness')

t.open('fn main() {\n  pritn(1)\n}\n')
t.equal('hark', vim.bo.filetype)
t.equal(vim.env.PROJECT, t.client().config.root_dir)
t.diagnostics({ '2 HK0101' })
local d = vim.diagnostic.get(0)[1]
t.equal({ 1, 2, 1, 7 }, { d.lnum, d.col, d.end_lnum, d.end_col })
t.contains(d.message, 'pritn')

t.to('pritn')
t.keys('ciwprint<Esc>')
t.diagnostics({})
t.keys('u')
t.diagnostics({ '2 HK0101' })
