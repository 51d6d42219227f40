package hazards

// Catalogue returns all scenarios: the three that everybody begins with, then
// one file each.
func Catalogue() []Scenario {
	return []Scenario{
		counter(),
		twoLocks(),
		philosophers(),
		lostSignal(),
		missedWakeup(),
		earlyReturn(),
		waitgroupAdd(),
		doubleClose(),
		sendOnClosed(),
		checkThenAct(),
		bankTransfer(),
		readCopyWrite(),
		joinBeforeDrain(),
		timeoutLeak(),
		lockUpgrade(),
		boundedBuffer(),
		forgottenUnlock(),
		pool(),
		future(),
	}
}
