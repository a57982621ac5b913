-- :checkhealth hark
local config = require('hark.config')
local server = require('hark.server')

local health = vim.health
local M = {}

local function check_editor()
  health.start('Neovim')
  if vim.fn.has('nvim-0.10') == 1 then
    health.ok(tostring(vim.version()))
  else
    health.error('Neovim 0.10 or newer is needed')
  end
  for _, problem in ipairs(config.problems()) do
    health.warn(problem)
  end
  if pcall(vim.treesitter.language.inspect, 'hark') then
    health.ok('the tree-sitter parser is installed')
  else
    health.info('without the tree-sitter parser, highlighting is by patterns: see :help hark-treesitter')
  end
end

---The first line of what a command writes, or nil and what went wrong.
---@param command string[]
---@return string?, string?
local function first_line(command)
  local started, process = pcall(vim.system, command, { text = true })
  if not started then
    return nil, process --[[@as string]]
  end
  local result = process:wait(10000)
  if result.code ~= 0 then
    return nil, vim.trim(result.stderr)
  end
  return vim.split(result.stdout, '\n')[1]
end

---@return boolean there it is
local function check_binary()
  health.start('hark-ls')
  local binary = config.get().binary
  if vim.fn.executable(binary) == 0 then
    health.error(("there is no program '%s'"):format(binary), {
      'build it with `make install` in the repository, and have ~/.local/bin in your $PATH',
      "or say where it is: require('hark').setup({ binary = '/path/to/hark-ls' })",
    })
    return false
  end
  local version, problem = first_line({ binary, 'version' })
  if version then
    health.ok(('%s (%s)'):format(version, vim.fn.exepath(binary)))
  else
    health.error(('%s does not run: %s'):format(binary, problem))
  end
  return version ~= nil
end

local function check_clients()
  local clients = server.clients()
  if #clients == 0 then
    health.info('no language server runs: open a Hark file to start one')
  end
  for _, client in ipairs(clients) do
    local open = #vim.tbl_keys(client.attached_buffers)
    health.ok(
      ('a language server runs for %s, with %d open file%s'):format(
        client.config.root_dir,
        open,
        open == 1 and '' or 's'
      )
    )
  end
end

local function check_python()
  health.start('Python')
  local environment = vim.env.VIRTUAL_ENV
  local python = environment and vim.fs.joinpath(environment, 'bin', 'python') or 'python3'
  local version, problem = first_line({ python, '--version' })
  if version then
    health.ok(('%s (%s); a hark.toml may name another'):format(version, vim.fn.exepath(python)))
  else
    health.warn(('%s does not run, so programs that call Python do not either: %s'):format(python, problem))
  end
end

---Whether the adapter starts, and sessions can be listed.
local function check_adapter()
  local usage, problem = first_line({ config.get().binary, 'dap', '-h' })
  if usage then
    health.ok('the adapter starts')
  else
    health.error(('the adapter does not start: %s'):format(problem))
  end
  local project = vim.fn.getcwd()
  if first_line({ config.get().binary, 'sessions', '--json', '--limit', '1', '--project', project }) then
    health.ok('saved sessions can be read: :HarkSessions lists those of ' .. project)
  else
    health.warn('saved sessions cannot be read: see `hark-ls sessions`')
  end
end

local function check_debugger()
  health.start('Debugger')
  local found, dap = pcall(require, 'dap')
  if not found then
    health.info('nvim-dap is not installed: it is what debugging needs')
  elseif dap.adapters.hark then
    health.ok('nvim-dap knows the adapter')
    check_adapter()
  else
    health.warn('nvim-dap does not know the adapter', { "call require('hark.dap').setup()" })
  end
end

function M.check()
  check_editor()
  if check_binary() then
    check_clients()
  end
  check_python()
  check_debugger()
end

return M
