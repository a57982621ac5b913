-- What is drawn beside the text: semantic tokens, inlay hints, code lenses; and the commands behind them.
local t = require('harness')

t.open([[
fn work(size) { size }

fn main() {
  first = async work(1);
  later = lambda() { await first };
  later()
}
]])
t.diagnostics({})

local function token(at)
  t.to(at)
  local position = vim.api.nvim_win_get_cursor(0)
  return (vim.lsp.semantic_tokens.get_at_pos(0, position[1] - 1, position[2]) or {})[1]
end
local call = t.wait('semantic tokens', function()
  return token('work(1)')
end)
t.equal('function', call.type)
t.equal(true, call.modifiers.async, 'a call that starts a thread')
t.equal(true, token('first =').modifiers.future, 'a future')

local function hints()
  return vim.tbl_map(function(hint)
    local label = hint.inlay_hint.label
    return type(label) == 'string' and label or label[1].value
  end, vim.lsp.inlay_hint.get({ bufnr = 0 }))
end
t.wait('inlay hints', function()
  return #hints() > 0
end)
t.contains(table.concat(hints(), ' '), 'size')
t.contains(table.concat(hints(), ' '), '⇢ .0')
vim.cmd.HarkInlayHints()
t.equal(false, vim.lsp.inlay_hint.is_enabled({ bufnr = 0 }))
vim.cmd.HarkInlayHints('on')
t.equal(true, vim.lsp.inlay_hint.is_enabled({ bufnr = 0 }))

local newer = vim.lsp.codelens.enable ~= nil -- such a Neovim resolves only what it draws, and has nowhere to draw here
local function titles()
  local all = {}
  for _, found in ipairs(vim.lsp.codelens.get(newer and { bufnr = 0 } or 0)) do
    local lens = found.lens or found
    table.insert(all, lens.command and lens.command.title)
  end
  table.sort(all)
  return table.concat(all, ', ')
end
t.wait('code lenses', function()
  return titles() == (newer and 'Debug, Run' or '0 references, 1 reference, Debug, Run')
end)

-- A single reference is gone to.
if not newer then
  t.to('work')
  vim.lsp.codelens.run()
  t.wait('the reference', function()
    return select(2, t.here()) == 'work(1);'
  end)
end

-- Run runs it in a terminal.
vim.ui.select = function(items, _, choose)
  for _, item in ipairs(items) do
    if item.lens.command and item.lens.command.title == 'Run' then
      choose(item)
    end
  end
end
t.to('main')
vim.lsp.codelens.run()
local terminal = t.wait('a terminal', function()
  return require('hark.run').terminal
end)
t.wait('the result', function()
  return table.concat(vim.api.nvim_buf_get_lines(terminal, 0, -1, false), '\n'):find('=> 1', 1, true)
end)
t.equal('main.hk', (t.here()), 'the cursor stays where it was')
