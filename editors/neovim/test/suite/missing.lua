-- Without the program, a message says what to do, once; the text can be edited all the same.
local t = require('harness')

require('hark').setup({ binary = 'no-such-program' })
t.project({ ['main.hk'] = 'fn main() { 1 }\n', ['other.hk'] = 'fn other() { 1 }\n' })
vim.cmd.edit('main.hk')
vim.cmd.edit('other.hk')

t.equal('hark', vim.bo.filetype)
t.equal(1, #t.notified)
t.equal(vim.log.levels.ERROR, t.notified[1].level)
t.contains(t.notified[1].text, "there is no program 'no-such-program'")
t.contains(t.notified[1].text, ':HarkHealth')
t.equal(0, #vim.lsp.get_clients())

vim.cmd.HarkHealth()
t.contains(t.text(), "ERROR there is no program 'no-such-program'")

-- Once it is there, a restart is enough.
require('hark').setup({})
vim.cmd.edit('main.hk')
vim.cmd.HarkRestart()
t.wait('a client', t.client)
