package nodefacts

// Full reports whether a limit is known to be used up, but for 2 % at most.
func (u *Used) Full() bool {
	return u != nil && u.Max > 0 && u.Used >= 0 && float64(u.Used) >= 0.98*float64(u.Max)
}

// Roomy reports whether a tenth or more of a limit is known to be left, or that there is none.
func (u *Used) Roomy() bool {
	return u != nil && u.Used >= 0 && (u.Max <= 0 || float64(u.Used) <= 0.9*float64(u.Max))
}
