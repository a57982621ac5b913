package ide

func (a *actions) extract() {}
func (a *actions) inline()  {}
func (a *actions) rewrite() {}
