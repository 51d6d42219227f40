package kernels

// dispatch queues a callback. The goroutine that runs callbacks exists only
// while there are some.
func (p *Pool) dispatch(callback func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.begin()
	p.callbacks.push(callback)
	if !p.dispatching {
		p.dispatching = true
		p.spawn(p.runCallbacks)
	}
}

// runCallbacks runs callbacks until none is left.
func (p *Pool) runCallbacks() {
	for callback := p.nextCallback(); callback != nil; callback = p.nextCallback() {
		protect(callback, p.callbackPanicked)
	}
}

func (p *Pool) nextCallback() func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.callbacks.len() == 0 {
		p.dispatching = false
		return nil
	}
	return p.callbacks.pop()
}

// callbackPanicked keeps the error for Close.
func (p *Pool) callbackPanicked(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.callbackPanics) < callbackPanicsMost {
		p.callbackPanics = append(p.callbackPanics, err)
	}
}
