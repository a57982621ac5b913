-- Runs the scenario $SUITE and leaves Neovim: with an error code if something in it fails.
package.path = vim.fs.joinpath(vim.fs.dirname(vim.env.SUITE), '..', '?.lua') .. ';' .. package.path

local fine, problem = xpcall(dofile, debug.traceback, vim.env.SUITE)
local t = require('harness')
if not fine then
  t.say('FAIL ' .. problem)
  t.say('messages: ' .. vim.inspect(t.notified))
  t.say('buffer: ' .. table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'))
  vim.cmd('cquit 1')
end
t.stop()
t.say('passed')
vim.cmd('qall!')
