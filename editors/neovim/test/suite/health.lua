-- :checkhealth says what was found.
local t = require('harness')

vim.g.hark = { inlay_hints = 'yes', colour = true }
t.open('fn main() { 1 }\n')
vim.cmd.HarkHealth()
local report = t.text()
t.contains(report, 'OK hark-ls ')
t.contains(report, 'OK a language server runs for ' .. vim.env.PROJECT .. ', with 1 open file')
t.contains(report, 'OK Python 3')
t.contains(report, "WARNING there is no option 'colour'")
t.contains(report, "WARNING the option 'inlay_hints' has to be a boolean, not a string")
t.contains(report, 'nvim-dap is not installed')
