-- :HarkRun runs what it is told to, and asks for arguments that are missing.
local t = require('harness')

t.open('fn greet(name, times: Int) { format("{}!{}", name, times) }\n\nfn main() { print("unsaved") }\n')
t.diagnostics({})

local function output(text)
  t.wait(text, function()
    local terminal = require('hark.run').terminal
    return terminal and table.concat(vim.api.nvim_buf_get_lines(terminal, 0, -1, false), '\n'):find(text, 1, true)
  end)
end

t.to('unsaved')
t.keys('ciwsaved<Esc>')
vim.cmd.HarkRun()
output('saved')
t.equal(false, vim.bo.modified, 'what is run has been saved')

local asked
vim.ui.input = function(options, answer)
  asked = options.prompt
  answer('"you", 3')
end
vim.cmd('HarkRun greet')
output('you!3')
t.contains(asked, 'greet(name, times: Int)')
t.equal({ 'greet' }, vim.fn.getcompletion('HarkRun g', 'cmdline'))

vim.ui.input = function(_, answer)
  answer('you')
end
vim.cmd('HarkRun greet')
t.contains(t.notified[#t.notified].text, 'no list of JSON values')

local before = #vim.api.nvim_list_wins()
t.to('print')
t.keys('ciwpritn<Esc>')
t.diagnostics({ '3 HK0101' })
vim.cmd.HarkExplain()
t.contains(t.float(), 'HK0101')
t.equal(before, #vim.api.nvim_list_wins())
vim.cmd('HarkExplain 102')
t.contains(t.float(), 'HK0102')

-- What has no name yet cannot be run; what is no source is not saved.
vim.cmd('enew | set filetype=hark')
vim.cmd.HarkRun()
t.contains(t.notified[#t.notified].text, 'save this file first')
vim.cmd.edit('notes.txt')
vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'a note' })
vim.cmd('hide edit main.hk')
vim.cmd.HarkRun()
t.equal(true, vim.bo[vim.fn.bufnr('notes.txt')].modified)
vim.bo[vim.fn.bufnr('notes.txt')].modified = false

vim.cmd.HarkLog()
t.equal('lsp.log', (t.here()))
