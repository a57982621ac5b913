-- Help has an entry for each command and option, and its links lead somewhere.
local t = require('harness')
require('hark').setup({ autostart = false })

local plugin = vim.fs.joinpath(vim.env.REPOSITORY, 'editors', 'neovim')
local page = vim.fn.readfile(plugin .. '/doc/hark.txt')
t.project({ ['doc/hark.txt'] = table.concat(page, '\n') .. '\n' })
vim.cmd.helptags(vim.env.PROJECT .. '/doc')
vim.opt.runtimepath:append(vim.env.PROJECT)

local tags = {}
local generated = vim.fn.readfile(vim.env.PROJECT .. '/doc/tags')
t.equal(generated, vim.fn.readfile(plugin .. '/doc/tags'), 'run :helptags on the folder doc')
for _, line in ipairs(generated) do
  tags[line:match('^[^\t]+')] = true
end
for name in pairs(vim.api.nvim_get_commands({})) do
  if vim.startswith(name, 'Hark') then
    t.equal(true, tags[':' .. name], name)
  end
end
for option in pairs(require('hark.config').defaults) do
  t.equal(true, tags['hark-option-' .. option], option)
end

local newer = { grn = true, gra = true, grr = true, gri = true } -- of Neovim 0.11
for _, line in ipairs(page) do
  t.equal(true, #line <= 88, line)
  for link in line:gmatch('|([^| ]+)|') do
    t.equal(true, newer[link] or pcall(vim.cmd.help, link), link)
  end
end
