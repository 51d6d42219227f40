package hazards

// Catalogue returns all scenarios.
func Catalogue() []Scenario {
	return []Scenario{
		counter(),
		twoLocks(),
		philosophers(),
	}
}
