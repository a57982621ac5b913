-- The commands of the command line, and those that code lenses name.
local run = require('hark.run')
local server = require('hark.server')

local M = {}

---Turns inlay hints on or off in all Hark buffers; without a word, whichever they are not.
---@param word string
local function inlay_hints(word)
  local on = word == 'on'
  if word == '' then
    on = not vim.lsp.inlay_hint.is_enabled({ bufnr = 0 })
  end
  for _, client in ipairs(server.clients()) do
    for buffer in pairs(client.attached_buffers) do
      vim.lsp.inlay_hint.enable(on, { bufnr = buffer })
    end
  end
end

---The functions that the current buffer defines, for completion.
---@param lead string
---@return string[]
local function functions(lead)
  local names = {}
  for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local name = line:match('^%s*fn%s+([%w_.?]+)')
    if name and vim.startswith(name, lead) then
      table.insert(names, name)
    end
  end
  return names
end

local function granularities()
  return { 'line', 'instruction' }
end

---A command that goes through time: with a bang only the current thread does, with the word instruction by instruction.
---@param name string of a function of hark.travel
---@param desc string
---@return table
local function travels(name, desc)
  return {
    function(call)
      local by = call.args ~= '' and call.args or nil
      require('hark.travel')[name]({ granularity = by, alone = call.bang })
    end,
    { nargs = '?', bang = true, complete = granularities, desc = desc },
  }
end

---@param module string
---@param name string
---@param desc string
---@return table
local function calls(module, name, desc)
  return {
    function()
      require(module)[name]()
    end,
    { desc = desc },
  }
end

---@param words string[] a function and its arguments, Strings; without arguments it is asked for them
---@return hark.Entry
local function here(words)
  local args = #words > 1 and vim.list_slice(words, 2) or nil
  return { file = vim.api.nvim_buf_get_name(0), name = words[1], args = args }
end

local function complete_function(lead, line)
  return #vim.split(line, '%s+') <= 2 and functions(lead) or {}
end

local function complete_switch()
  return { 'on', 'off' }
end

---@type table<string, { [1]: fun(call: table), [2]: table }>
local commands = {
  HarkRun = {
    function(call)
      run.start(here(call.fargs))
    end,
    { nargs = '*', complete = complete_function, desc = 'Run a function of this file, main by default' },
  },
  HarkDebug = {
    function(call)
      require('hark.dap').run(here(call.fargs))
    end,
    { nargs = '*', complete = complete_function, desc = 'Debug a function of this file, main by default' },
  },
  HarkRestart = {
    function()
      server.restart()
    end,
    { desc = 'Restart the language server' },
  },
  HarkLog = {
    function()
      vim.cmd.split(vim.fn.fnameescape(require('vim.lsp.log').get_filename()))
      vim.cmd.normal({ 'G', bang = true })
    end,
    { desc = "Show Neovim's log of language servers, with what hark-ls has written" },
  },
  HarkHealth = {
    function()
      vim.cmd.checkhealth('hark')
    end,
    { desc = 'Check that everything Hark needs is there' },
  },
  HarkInlayHints = {
    function(call)
      inlay_hints(call.args)
    end,
    { nargs = '?', complete = complete_switch, desc = 'Turn inlay hints on or off' },
  },
  HarkMove = {
    function(call)
      require('hark.move').file(call.args)
    end,
    { nargs = 1, complete = 'file', desc = 'Move this file, and mend the imports that lead to it' },
  },
  HarkStepBack = travels('back', 'Debugger: back to the line before, over calls'),
  HarkStepBackInto = travels('back_into', 'Debugger: back to the line before, into calls from their end'),
  HarkStepBackOut = travels('back_out', 'Debugger: back to where the function was called'),
  HarkReverseContinue = travels('reverse_continue', 'Debugger: back to the breakpoint before, or the beginning'),
  HarkCause = calls('hark.travel', 'cause', 'Debugger: go to what let this thread go on, or started it'),
  HarkInstant = calls('hark.travel', 'show', 'Debugger: show and yank the instant at which this thread stands'),
  HarkFork = calls('hark.travel', 'fork', 'Debugger: go on for real from here, as a new session'),
  HarkTimeline = calls('hark.timeline', 'show', 'Debugger: what the threads did when'),
  HarkOutput = calls('hark.output', 'show', 'Debugger: what was printed; Enter goes to what printed it'),
  HarkSessions = calls('hark.sessions', 'show', 'The sessions that were saved'),
  HarkGotoInstant = {
    function(call)
      require('hark.travel').go_to(call.args)
    end,
    { nargs = 1, desc = 'Debugger: go to an instant, THREAD:STEPS' },
  },
  HarkExplain = {
    function(call)
      run.explain(call.fargs[1])
    end,
    { nargs = '?', desc = 'Explain a code, by default that of the diagnostic in this line' },
  },
}

---What a code lens says of a function: `{ uri, function }`.
---@param command lsp.Command
---@return hark.Entry
local function of_lens(command)
  local target = command.arguments[1]
  return { file = vim.uri_to_fname(target.uri), name = target['function'], args = target.args }
end

---The places that a code lens counts, in the quickfix list; if there is only one, it is gone to.
---@param command lsp.Command
---@param context { client_id: integer }
local function show_references(command, context)
  local locations = command.arguments[3]
  local client = assert(vim.lsp.get_client_by_id(context.client_id))
  if #locations == 1 then
    vim.lsp.util.show_document(locations[1], client.offset_encoding, { focus = true })
    return
  end
  local items = vim.lsp.util.locations_to_items(locations, client.offset_encoding)
  vim.fn.setqflist({}, ' ', { title = 'References', items = items })
  vim.cmd('botright copen')
end

---The commands that are carried out here: those of code lenses. The server is told of them by name.
---@type table<string, fun(command: lsp.Command, context: table)>
M.of_lenses = {
  ['hark.run'] = function(command)
    run.start(of_lens(command))
  end,
  ['hark.debug'] = function(command)
    require('hark.dap').run(of_lens(command))
  end,
  ['hark.showReferences'] = show_references,
}

---What one may want to have a key for.
local plugs = {
  ['hark-step-back'] = 'HarkStepBack',
  ['hark-step-back-into'] = 'HarkStepBackInto',
  ['hark-step-back-out'] = 'HarkStepBackOut',
  ['hark-reverse-continue'] = 'HarkReverseContinue',
  ['hark-cause'] = 'HarkCause',
  ['hark-instant'] = 'HarkInstant',
  ['hark-fork'] = 'HarkFork',
  ['hark-timeline'] = 'HarkTimeline',
  ['hark-output'] = 'HarkOutput',
  ['hark-sessions'] = 'HarkSessions',
}

function M.define()
  for plug, name in pairs(plugs) do
    vim.keymap.set('n', ('<Plug>(%s)'):format(plug), ('<cmd>%s<cr>'):format(name), { desc = commands[name][2].desc })
  end
  for name, command in pairs(M.of_lenses) do
    vim.lsp.commands[name] = command
  end
  for name, command in pairs(commands) do
    vim.api.nvim_create_user_command(name, command[1], command[2])
  end
end

return M
