-- What the threads of the debugged session did when, as text: each line is an instant that one can go to.
local list = require('hark.list')
local travel = require('hark.travel')

local M = {}

---What a span or a mark is called.
local words = { run = 'computes', wait = 'waits', call = 'Python', sleep = 'sleeps', output = 'prints', error = 'fails' }

---What happened in a lane, in the order of time.
---@param lane table
---@return table[]
local function events(lane)
  local all = {}
  for _, span in ipairs(lane.spans or {}) do
    table.insert(all, { time = span.start, kind = span.kind, text = span.name or span.resolver, instant = span.instant })
  end
  for _, mark in ipairs(lane.marks or {}) do
    table.insert(all, { time = mark.time, kind = mark.kind, text = mark.text, instant = mark.instant })
  end
  for place, event in ipairs(all) do
    event.place = place -- so that the order of what has the same time stays
  end
  table.sort(all, function(a, b)
    if a.time ~= b.time then
      return a.time < b.time
    end
    return a.place < b.place
  end)
  return all
end

---@param lane table
---@return string
local function title(lane)
  local _, depth = lane.thread:gsub('%.', '')
  return ('%s%s %s  %s'):format(('  '):rep(depth), lane.thread, lane['function'] or '', lane.status or '')
end

---The lines of the window, and which of them is now.
---@param body table the answer of hark/timeline
---@return hark.Row[], integer
function M.rows(body)
  local rows = { { text = ('session %s  %s  %d threads'):format(body.session, body.status, body.total or #body.lanes) } }
  local here, now = 1, body.now and body.now.instant
  for _, lane in ipairs(body.lanes) do
    table.insert(rows, { text = title(lane) })
    for _, event in ipairs(events(lane)) do
      local text = ('%10.3f  %-8s  %s'):format(event.time, words[event.kind] or event.kind, event.text or '')
      table.insert(rows, { text = text, of = event.instant })
      if now and event.instant and now.thread == event.instant.thread and event.instant.at <= now.at then
        here = #rows
      end
    end
  end
  return rows, here
end

---Shows the timeline of the debugged session; Enter goes to the instant of a line.
function M.show()
  local session = travel.session()
  if not session then
    return
  end
  travel.request(session, 'hark/timeline', vim.empty_dict(), function(body)
    local rows, here = M.rows(body)
    local buffer = list.show({ name = 'hark://timeline', rows = rows, keys = { ['<CR>'] = travel.go }, reload = M.show })
    list.at(buffer, here)
  end)
end

return M
