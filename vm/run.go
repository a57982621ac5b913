package vm

import (
	"math"
	"unsafe"
)

// The dispatch loop.
//
// dispatch executes an execCode (exec.go) until it meets an instruction, or a case of one, that has no fast form, or until its count
// of instructions is used up. It calls no function, so that its few variables stay in registers: ip points to the next
// instruction, base to the running frame's first register, fp to its frame, and limit counts: the number of instructions that may
// still be executed is limit-ip, in instructions. Executing one moves ip; whatever else moves ip, a taken jump, a call or a
// return, moves limit by as much. So counting costs nothing where nothing jumps. It is looked at where execution can
// come back to the same place: at calls, tail calls and returns. In between at most a function's length can be executed, so Run stops
// the loop that much before the end and does the last stretch one exact step at a time.
//
// All that makes the pointers safe was checked by bytecode.Verify: registers are in the frame, jumps in the function, reads follow
// writes. The frame is in the stack because calls check that.

// Why dispatch returned.
const (
	atSlow  = iota // at an instruction for step
	atLimit        // the count is used up
	atTrap         // at a trap
	atText         // at an ADD whose left side is a String
)

func reg(base unsafe.Pointer, offset uint16) *Value {
	return (*Value)(unsafe.Add(base, uintptr(offset)))
}

// dispatch executes at most about budget instructions.
//
//nolint:gocyclo,maintidx // one case for each operation
func (m *Machine) dispatch(budget uint64) (why int) {
	ip := unsafe.Add(unsafe.Pointer(m.instrs), m.pc<<instrShift)
	base := unsafe.Pointer(&m.stack[m.base])
	fp := unsafe.Pointer(&m.frames[len(m.frames)-1])
	limit := uintptr(ip) + uintptr(budget)<<instrShift
	m.firstFrame = unsafe.Pointer(&m.frames[0])
	m.floorFrame = unsafe.Add(m.firstFrame, uintptr(m.floor)*unsafe.Sizeof(frame{}))
	m.lastFrame = unsafe.Add(m.firstFrame, uintptr(min(cap(m.frames), MaxDepth)-1)*unsafe.Sizeof(frame{}))
	m.stackEnd = uintptr(unsafe.Pointer(&m.stack[0])) + uintptr(min(len(m.stack)-1, maxStack+1))<<valueShift
loop:
	for {
		in := (*execInstr)(ip)
		ip = unsafe.Add(ip, 1<<instrShift)
		switch in.op {
		case execMove:
			*reg(base, in.a) = *reg(base, in.b)
			continue
		case execConst:
			*reg(base, in.a) = *(*Value)(unsafe.Add(unsafe.Pointer(m.consts), uintptr(uint32(in.d))))
			continue
		case execInt:
			*reg(base, in.a) = Value{unsafe.Pointer(&tagInt), *(*uint64)(unsafe.Pointer(&in.d))}
			continue
		case execFloat:
			*reg(base, in.a) = Value{unsafe.Pointer(&tagFloat), *(*uint64)(unsafe.Pointer(&in.d))}
			continue
		case execNull:
			*reg(base, in.a) = Value{unsafe.Pointer(&tagNull), 0}
			continue
		case execBool:
			*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(in.d)}
			continue
		case execUnset:
			*reg(base, in.a) = Value{}
			continue
		case execLoadWide:
			*reg(base, in.a) = *(*Value)(unsafe.Add(base, uintptr(uint32(in.d))))
			continue
		case execStoreWide:
			*(*Value)(unsafe.Add(base, uintptr(uint32(in.d)))) = *reg(base, in.a)
			continue
		case execFunc:
			*reg(base, in.a) = Value{p: unsafe.Pointer(&m.code.functions[in.d])}
			continue
		case execCapture:
			f := (*functionObject)((*Value)(unsafe.Add(base, -1<<valueShift)).p)
			*reg(base, in.a) = f.captures[in.d]
			continue

		case execAdd:
			x, y, r := reg(base, in.b), reg(base, in.c), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if sum := int64(x.n) + int64(y.n); (sum^int64(x.n))&(sum^int64(y.n)) >= 0 {
					*r = Value{unsafe.Pointer(&tagInt), uint64(sum)}
					continue
				}
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				*r = Value{unsafe.Pointer(&tagFloat), math.Float64bits(math.Float64frombits(x.n) + math.Float64frombits(y.n))}
				continue
			} else if x.p != nil && *(*rep)(x.p) == repString {
				why = atText
			}
		case execSub:
			x, y, r := reg(base, in.b), reg(base, in.c), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if difference := int64(x.n) - int64(y.n); (int64(x.n)^int64(y.n))&(difference^int64(x.n)) >= 0 {
					*r = Value{unsafe.Pointer(&tagInt), uint64(difference)}
					continue
				}
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				*r = Value{unsafe.Pointer(&tagFloat), math.Float64bits(math.Float64frombits(x.n) - math.Float64frombits(y.n))}
				continue
			}
		case execMul:
			x, y, r := reg(base, in.b), reg(base, in.c), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if (x.n+1<<31)|(y.n+1<<31) < 1<<32 { // two of 32 bits
					*r = Value{unsafe.Pointer(&tagInt), x.n * y.n}
					continue
				}
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				*r = Value{unsafe.Pointer(&tagFloat), math.Float64bits(math.Float64frombits(x.n) * math.Float64frombits(y.n))}
				continue
			}
		case execDiv:
			x, y, r := reg(base, in.b), reg(base, in.c), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if int64(y.n) > 0 {
					*r = Value{unsafe.Pointer(&tagInt), uint64(int64(x.n) / int64(y.n))}
					continue
				}
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) && math.Float64frombits(y.n) != 0 {
				*r = Value{unsafe.Pointer(&tagFloat), math.Float64bits(math.Float64frombits(x.n) / math.Float64frombits(y.n))}
				continue
			}
		case execMod:
			x, y, r := reg(base, in.b), reg(base, in.c), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) && int64(y.n) > 0 {
				rest := int64(x.n) % int64(y.n)
				*r = Value{unsafe.Pointer(&tagInt), uint64(rest + rest>>63&int64(y.n))}
				continue
			}
		case execAddI:
			x, r := reg(base, in.b), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) {
				if sum := int64(x.n) + int64(in.d); (sum^int64(x.n))&(sum^int64(in.d)) >= 0 {
					*r = Value{unsafe.Pointer(&tagInt), uint64(sum)}
					continue
				}
			}
		case execSubI:
			x, r := reg(base, in.b), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) {
				if difference := int64(x.n) - int64(in.d); (int64(x.n)^int64(in.d))&(difference^int64(x.n)) >= 0 {
					*r = Value{unsafe.Pointer(&tagInt), uint64(difference)}
					continue
				}
			}
		case execMulI:
			x, r := reg(base, in.b), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) && x.n+1<<31 < 1<<32 {
				*r = Value{unsafe.Pointer(&tagInt), x.n * uint64(int64(in.d))}
				continue
			}
		case execDivI: // by a positive number
			x, r := reg(base, in.b), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) {
				*r = Value{unsafe.Pointer(&tagInt), uint64(int64(x.n) / int64(in.d))}
				continue
			}
		case execModI: // by a positive number
			x, r := reg(base, in.b), reg(base, in.a)
			if x.p == unsafe.Pointer(&tagInt) {
				rest := int64(x.n) % int64(in.d)
				*r = Value{unsafe.Pointer(&tagInt), uint64(rest + rest>>63&int64(in.d))}
				continue
			}
		case execNot:
			x := reg(base, in.b)
			falsy := x.p == unsafe.Pointer(&tagNull) || x.p == unsafe.Pointer(&tagBool) && x.n == 0
			*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(falsy))}
			continue
		case execEq:
			x, y := reg(base, in.b), reg(base, in.c)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(x.n == y.n))}
				continue
			}
		case execNe:
			x, y := reg(base, in.b), reg(base, in.c)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(x.n != y.n))}
				continue
			}
		case execLt:
			x, y := reg(base, in.b), reg(base, in.c)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(int64(x.n) < int64(y.n)))}
				continue
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(math.Float64frombits(x.n) < math.Float64frombits(y.n)))}
				continue
			}
		case execLe:
			x, y := reg(base, in.b), reg(base, in.c)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(int64(x.n) <= int64(y.n)))}
				continue
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(math.Float64frombits(x.n) <= math.Float64frombits(y.n)))}
				continue
			}
		case execGt:
			x, y := reg(base, in.b), reg(base, in.c)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(int64(x.n) > int64(y.n)))}
				continue
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(math.Float64frombits(x.n) > math.Float64frombits(y.n)))}
				continue
			}
		case execGe:
			x, y := reg(base, in.b), reg(base, in.c)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(int64(x.n) >= int64(y.n)))}
				continue
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(math.Float64frombits(x.n) >= math.Float64frombits(y.n)))}
				continue
			}

		case execJump:
			ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
			continue
		case execJTrue:
			x := reg(base, in.a)
			if x.p != unsafe.Pointer(&tagNull) && (x.p != unsafe.Pointer(&tagBool) || x.n != 0) {
				ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
			}
			continue
		case execJFalse:
			x := reg(base, in.a)
			if x.p == unsafe.Pointer(&tagBool) && x.n == 0 || x.p == unsafe.Pointer(&tagNull) {
				ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
			}
			continue
		case execJAnd:
			if x := reg(base, in.a); x.p == unsafe.Pointer(&tagBool) {
				if x.n == 0 {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJOr:
			if x := reg(base, in.a); x.p == unsafe.Pointer(&tagBool) {
				if x.n != 0 {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJSet:
			if reg(base, in.a).p != nil {
				ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
			}
			continue
		case execCheck:
			if reg(base, in.a).p != nil {
				continue
			}
		case execBoolCheck:
			if reg(base, in.a).p == unsafe.Pointer(&tagBool) {
				continue
			}
		case execJEq:
			x, y := reg(base, in.a), reg(base, in.b)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if x.n == y.n {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJNe:
			x, y := reg(base, in.a), reg(base, in.b)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if x.n != y.n {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJLt:
			x, y := reg(base, in.a), reg(base, in.b)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) < int64(y.n) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				if math.Float64frombits(x.n) < math.Float64frombits(y.n) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJNotLt:
			x, y := reg(base, in.a), reg(base, in.b)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) >= int64(y.n) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				if !(math.Float64frombits(x.n) < math.Float64frombits(y.n)) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJLe:
			x, y := reg(base, in.a), reg(base, in.b)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) <= int64(y.n) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				if math.Float64frombits(x.n) <= math.Float64frombits(y.n) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJNotLe:
			x, y := reg(base, in.a), reg(base, in.b)
			if x.p == unsafe.Pointer(&tagInt) && y.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) > int64(y.n) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			} else if x.p == unsafe.Pointer(&tagFloat) && y.p == unsafe.Pointer(&tagFloat) {
				if !(math.Float64frombits(x.n) <= math.Float64frombits(y.n)) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJEqI:
			if x := reg(base, in.a); x.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) == int64(in.e) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJNeI:
			if x := reg(base, in.a); x.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) != int64(in.e) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJLtI, execJNotGeI:
			if x := reg(base, in.a); x.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) < int64(in.e) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJNotLtI, execJGeI:
			if x := reg(base, in.a); x.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) >= int64(in.e) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJLeI, execJNotGtI:
			if x := reg(base, in.a); x.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) <= int64(in.e) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}
		case execJNotLeI, execJGtI:
			if x := reg(base, in.a); x.p == unsafe.Pointer(&tagInt) {
				if int64(x.n) > int64(in.e) {
					ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
				}
				continue
			}

		case execCall:
			next := unsafe.Add(base, uintptr(in.a))
			if uintptr(next)+uintptr(in.e) >= m.stackEnd || fp == m.lastFrame {
				break
			}
			base = next
			fp = unsafe.Add(fp, unsafe.Sizeof(frame{}))
			*(*frame)(fp) = frame{ret: *(*uint32)(unsafe.Pointer(&in.b)), delta: uint32(in.a) >> valueShift}
			ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execCallValue:
			callee := reg(base, in.a)
			if callee.p == nil || *(*rep)(callee.p) != repFunction {
				break
			}
			f := (*functionObject)(callee.p)
			next := unsafe.Add(base, uintptr(in.a)+1<<valueShift)
			if f.params != in.d || uintptr(next)+uintptr(f.need) >= m.stackEnd || fp == m.lastFrame {
				break
			}
			base = next
			fp = unsafe.Add(fp, unsafe.Sizeof(frame{}))
			*(*frame)(fp) = frame{ret: *(*uint32)(unsafe.Pointer(&in.b)), delta: uint32(in.a)>>valueShift + 1}
			entry := unsafe.Add(unsafe.Pointer(m.instrs), uintptr(f.entry)<<instrShift)
			limit += uintptr(entry) - uintptr(ip)
			ip = entry
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execTailCall:
			if uintptr(base)+uintptr(in.e) >= m.stackEnd {
				break
			}
			from := unsafe.Add(base, uintptr(in.a))
			for i := uintptr(0); i < uintptr(in.b); i += 1 << valueShift {
				*(*Value)(unsafe.Add(base, i)) = *(*Value)(unsafe.Add(from, i))
			}
			(*frame)(fp).tails++
			ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execTailCallValue:
			callee := reg(base, in.a)
			if callee.p == nil || *(*rep)(callee.p) != repFunction {
				break
			}
			f := (*functionObject)(callee.p)
			if f.params != in.d || len(f.captures) > 0 || uintptr(base)+uintptr(f.need) >= m.stackEnd {
				break
			}
			from := unsafe.Add(base, uintptr(in.a)+1<<valueShift)
			for i := uintptr(0); i < uintptr(uint32(in.d))<<valueShift; i += 1 << valueShift {
				*(*Value)(unsafe.Add(base, i)) = *(*Value)(unsafe.Add(from, i))
			}
			(*frame)(fp).tails++
			entry := unsafe.Add(unsafe.Pointer(m.instrs), uintptr(f.entry)<<instrShift)
			limit += uintptr(entry) - uintptr(ip)
			ip = entry
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execLoop:
			(*frame)(fp).tails++
			ip, limit = unsafe.Add(ip, int(in.d)), limit+uintptr(in.d)
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execRet:
			if fp == m.floorFrame {
				break
			}
			result := reg(base, in.a)
			f := (*frame)(fp)
			base = unsafe.Add(base, -int(f.delta)<<valueShift)
			back := unsafe.Add(unsafe.Pointer(m.instrs), uintptr(f.ret)<<instrShift)
			*reg(base, (*execInstr)(unsafe.Add(back, -1<<instrShift)).a) = *result
			limit += uintptr(back) - uintptr(ip)
			ip = back
			fp = unsafe.Add(fp, -int(unsafe.Sizeof(frame{})))
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue

		case execFirst:
			if x := reg(base, in.b); x.p != nil && *(*rep)(x.p) == repList && uint32(x.n) > 0 {
				l := (*listObject)(x.p)
				*reg(base, in.a) = l.items[uint32(x.n>>32)-l.start]
				continue
			}
		case execRest:
			if x := reg(base, in.b); x.p != nil && *(*rep)(x.p) == repList && uint32(x.n) > 1 {
				*reg(base, in.a) = Value{x.p, x.n + 1<<32 - 1}
				continue
			}
		case execNth:
			x, y := reg(base, in.b), reg(base, in.c)
			if x.p != nil && *(*rep)(x.p) == repList && y.p == unsafe.Pointer(&tagInt) && y.n < uint64(uint32(x.n)) {
				l := (*listObject)(x.p)
				*reg(base, in.a) = l.items[x.n>>32-uint64(l.start)+y.n]
				continue
			}
		case execLength:
			if x := reg(base, in.b); x.p != nil && (*(*rep)(x.p) == repList || *(*rep)(x.p) == repString) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagInt), uint64(uint32(x.n))}
				continue
			}
		case execNullp:
			x := reg(base, in.b)
			if x.p == unsafe.Pointer(&tagNull) || x.p != nil && (*(*rep)(x.p) == repList || *(*rep)(x.p) == repString) {
				*reg(base, in.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(uint32(x.n) == 0))}
				continue
			}
		case execAppend:
			x := reg(base, in.b)
			if x.p == nil || *(*rep)(x.p) != repList || uint32(x.n) == 0 {
				break
			}
			l := (*listObject)(x.p)
			n := len(l.items)
			if uint32(x.n>>32)+uint32(x.n) != l.used || uint32(x.n>>32) > l.used/2 || n == cap(l.items) || m.memory.used+valueBytes > m.memory.mark {
				break
			}
			m.memory.used += valueBytes
			l.items = l.items[:n+1]
			l.items[n] = *reg(base, in.c)
			l.used++
			*reg(base, in.a) = Value{x.p, x.n + 1}
			continue

		// Fused pairs: the second instruction is then. Where only the first could be done, the loop goes on, or is left, at the second.
		case execSubICall:
			x, r := reg(base, in.b), reg(base, in.a)
			difference := int64(x.n) - int64(in.d)
			if x.p != unsafe.Pointer(&tagInt) || (int64(x.n)^int64(in.d))&(difference^int64(x.n)) < 0 {
				break
			}
			*r = Value{unsafe.Pointer(&tagInt), uint64(difference)}
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			next := unsafe.Add(base, uintptr(then.a))
			if uintptr(next)+uintptr(then.e) >= m.stackEnd || fp == m.lastFrame {
				break
			}
			base = next
			fp = unsafe.Add(fp, unsafe.Sizeof(frame{}))
			*(*frame)(fp) = frame{ret: *(*uint32)(unsafe.Pointer(&then.b)), delta: uint32(then.a) >> valueShift}
			ip, limit = unsafe.Add(ip, int(then.d)), limit+uintptr(then.d)
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execMoveCall:
			*reg(base, in.a) = *reg(base, in.b)
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			next := unsafe.Add(base, uintptr(then.a))
			if uintptr(next)+uintptr(then.e) >= m.stackEnd || fp == m.lastFrame {
				break
			}
			base = next
			fp = unsafe.Add(fp, unsafe.Sizeof(frame{}))
			*(*frame)(fp) = frame{ret: *(*uint32)(unsafe.Pointer(&then.b)), delta: uint32(then.a) >> valueShift}
			ip, limit = unsafe.Add(ip, int(then.d)), limit+uintptr(then.d)
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execAddRet:
			x, y, r := reg(base, in.b), reg(base, in.c), reg(base, in.a)
			sum := int64(x.n) + int64(y.n)
			if x.p != unsafe.Pointer(&tagInt) || y.p != unsafe.Pointer(&tagInt) || (sum^int64(x.n))&(sum^int64(y.n)) < 0 {
				if x.p != unsafe.Pointer(&tagFloat) || y.p != unsafe.Pointer(&tagFloat) {
					break
				}
				*r = Value{unsafe.Pointer(&tagFloat), math.Float64bits(math.Float64frombits(x.n) + math.Float64frombits(y.n))}
				continue
			}
			ip = unsafe.Add(ip, 1<<instrShift)
			if fp == m.floorFrame {
				*r = Value{unsafe.Pointer(&tagInt), uint64(sum)}
				break
			}
			f := (*frame)(fp)
			base = unsafe.Add(base, -int(f.delta)<<valueShift)
			back := unsafe.Add(unsafe.Pointer(m.instrs), uintptr(f.ret)<<instrShift)
			*reg(base, (*execInstr)(unsafe.Add(back, -1<<instrShift)).a) = Value{unsafe.Pointer(&tagInt), uint64(sum)}
			limit += uintptr(back) - uintptr(ip)
			ip = back
			fp = unsafe.Add(fp, -int(unsafe.Sizeof(frame{})))
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execMulIRet:
			x, r := reg(base, in.b), reg(base, in.a)
			if x.p != unsafe.Pointer(&tagInt) || x.n+1<<31 >= 1<<32 {
				break
			}
			product := x.n * uint64(int64(in.d))
			ip = unsafe.Add(ip, 1<<instrShift)
			if fp == m.floorFrame {
				*r = Value{unsafe.Pointer(&tagInt), uint64(product)}
				break
			}
			f := (*frame)(fp)
			base = unsafe.Add(base, -int(f.delta)<<valueShift)
			back := unsafe.Add(unsafe.Pointer(m.instrs), uintptr(f.ret)<<instrShift)
			*reg(base, (*execInstr)(unsafe.Add(back, -1<<instrShift)).a) = Value{unsafe.Pointer(&tagInt), uint64(product)}
			limit += uintptr(back) - uintptr(ip)
			ip = back
			fp = unsafe.Add(fp, -int(unsafe.Sizeof(frame{})))
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execAddILoop:
			x, r := reg(base, in.b), reg(base, in.a)
			sum := int64(x.n) + int64(in.d)
			if x.p != unsafe.Pointer(&tagInt) || (sum^int64(x.n))&(sum^int64(in.d)) < 0 {
				break
			}
			*r = Value{unsafe.Pointer(&tagInt), uint64(sum)}
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			(*frame)(fp).tails++
			ip, limit = unsafe.Add(ip, int(then.d)), limit+uintptr(then.d)
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execSubILoop:
			x, r := reg(base, in.b), reg(base, in.a)
			difference := int64(x.n) - int64(in.d)
			if x.p != unsafe.Pointer(&tagInt) || (int64(x.n)^int64(in.d))&(difference^int64(x.n)) < 0 {
				break
			}
			*r = Value{unsafe.Pointer(&tagInt), uint64(difference)}
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			(*frame)(fp).tails++
			ip, limit = unsafe.Add(ip, int(then.d)), limit+uintptr(then.d)
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execMoveLoop:
			*reg(base, in.a) = *reg(base, in.b)
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			(*frame)(fp).tails++
			ip, limit = unsafe.Add(ip, int(then.d)), limit+uintptr(then.d)
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execSubIAdd:
			x, r := reg(base, in.b), reg(base, in.a)
			difference := int64(x.n) - int64(in.d)
			if x.p != unsafe.Pointer(&tagInt) || (int64(x.n)^int64(in.d))&(difference^int64(x.n)) < 0 {
				break
			}
			*r = Value{unsafe.Pointer(&tagInt), uint64(difference)}
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			y, z, s := reg(base, then.b), reg(base, then.c), reg(base, then.a)
			if y.p == unsafe.Pointer(&tagInt) && z.p == unsafe.Pointer(&tagInt) {
				if sum := int64(y.n) + int64(z.n); (sum^int64(y.n))&(sum^int64(z.n)) >= 0 {
					*s = Value{unsafe.Pointer(&tagInt), uint64(sum)}
					continue
				}
			} else if y.p == unsafe.Pointer(&tagFloat) && z.p == unsafe.Pointer(&tagFloat) {
				*s = Value{unsafe.Pointer(&tagFloat), math.Float64bits(math.Float64frombits(y.n) + math.Float64frombits(z.n))}
				continue
			}
		case execFloatMul:
			k := *(*uint64)(unsafe.Pointer(&in.d))
			*reg(base, in.a) = Value{unsafe.Pointer(&tagFloat), k}
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			if x := reg(base, then.b); x.p == unsafe.Pointer(&tagFloat) {
				*reg(base, then.a) = Value{unsafe.Pointer(&tagFloat), math.Float64bits(math.Float64frombits(x.n) * math.Float64frombits(k))}
				continue
			}
		case execFloatAdd:
			k := *(*uint64)(unsafe.Pointer(&in.d))
			*reg(base, in.a) = Value{unsafe.Pointer(&tagFloat), k}
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			if x := reg(base, then.b); x.p == unsafe.Pointer(&tagFloat) {
				*reg(base, then.a) = Value{unsafe.Pointer(&tagFloat), math.Float64bits(math.Float64frombits(x.n) + math.Float64frombits(k))}
				continue
			}
		case execIntEq:
			k := *(*uint64)(unsafe.Pointer(&in.d))
			*reg(base, in.a) = Value{unsafe.Pointer(&tagInt), k}
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			if x := reg(base, then.b); x.p == unsafe.Pointer(&tagInt) {
				*reg(base, then.a) = Value{unsafe.Pointer(&tagBool), uint64(bit(x.n == k))}
				continue
			}
		case execMoveMove:
			*reg(base, in.a) = *reg(base, in.b)
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			*reg(base, then.a) = *reg(base, then.b)
			continue
		case execMoveNth:
			*reg(base, in.a) = *reg(base, in.b)
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			x, y := reg(base, then.b), reg(base, then.c)
			if x.p != nil && *(*rep)(x.p) == repList && y.p == unsafe.Pointer(&tagInt) && y.n < uint64(uint32(x.n)) {
				l := (*listObject)(x.p)
				*reg(base, then.a) = l.items[x.n>>32-uint64(l.start)+y.n]
				continue
			}
		case execNthCallValue:
			x, y := reg(base, in.b), reg(base, in.c)
			if x.p == nil || *(*rep)(x.p) != repList || y.p != unsafe.Pointer(&tagInt) || y.n >= uint64(uint32(x.n)) {
				break
			}
			l := (*listObject)(x.p)
			*reg(base, in.a) = l.items[x.n>>32-uint64(l.start)+y.n]
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			callee := reg(base, then.a)
			if callee.p == nil || *(*rep)(callee.p) != repFunction {
				break
			}
			f := (*functionObject)(callee.p)
			next := unsafe.Add(base, uintptr(then.a)+1<<valueShift)
			if f.params != then.d || uintptr(next)+uintptr(f.need) >= m.stackEnd || fp == m.lastFrame {
				break
			}
			base = next
			fp = unsafe.Add(fp, unsafe.Sizeof(frame{}))
			*(*frame)(fp) = frame{ret: *(*uint32)(unsafe.Pointer(&then.b)), delta: uint32(then.a)>>valueShift + 1}
			entry := unsafe.Add(unsafe.Pointer(m.instrs), uintptr(f.entry)<<instrShift)
			limit += uintptr(entry) - uintptr(ip)
			ip = entry
			if uintptr(ip) >= limit {
				why = atLimit
				break loop
			}
			continue
		case execMoveAddI:
			*reg(base, in.a) = *reg(base, in.b)
			then := (*execInstr)(ip)
			ip = unsafe.Add(ip, 1<<instrShift)
			x, r := reg(base, then.b), reg(base, then.a)
			if x.p == unsafe.Pointer(&tagInt) {
				if sum := int64(x.n) + int64(then.d); (sum^int64(x.n))&(sum^int64(then.d)) >= 0 {
					*r = Value{unsafe.Pointer(&tagInt), uint64(sum)}
					continue
				}
			}
		}
		break
	}
	return m.leave(ip, base, fp, limit, budget, why)
}

// leave writes back what dispatch had in its variables.
func (m *Machine) leave(ip, base, fp unsafe.Pointer, limit uintptr, budget uint64, why int) int {
	start := uintptr(unsafe.Pointer(m.instrs)) + uintptr(m.pc)<<instrShift
	// What ip moved by itself is what was executed; what limit moved too is not.
	moved := limit - (start + uintptr(budget)<<instrShift)
	m.steps += uint64(int64(uintptr(ip)-start-moved) >> instrShift)
	m.pc = int(uintptr(ip)-uintptr(unsafe.Pointer(m.instrs))) >> instrShift
	m.base = int(uintptr(base)-uintptr(unsafe.Pointer(&m.stack[0]))) >> valueShift
	m.frames = m.frames[:1+(uintptr(fp)-uintptr(m.firstFrame))/unsafe.Sizeof(frame{})]
	if why != atLimit { // the instruction before ip was not executed
		m.pc--
		m.steps--
		if m.exec.instrs[m.pc].op == execTrap {
			return atTrap
		}
	}
	return why
}

func bit(b bool) uint8 {
	if b {
		return 1
	}
	return 0
}
