# What only a system such as Linux can do, by test executable: TEST|why. Skipped where the host was built for POSIX alone.
set(CARILLON_LINUX_ONLY_unit
  "ProcessIdentityTest::identitySurvivesItsText|the start of a process and the boot of the machine are known"
  "ProcessIdentityTest::killedChildIsGoneBeforeAndAfterItIsWaitedFor|a process that has ended is told from a living one"
  "ProcessIdentityTest::laterProcessOfTheSameNumberIsAnother|the start of a process is known"
  "TrustedPathTest::accessListThatLetsOthersWriteIsRefused|access lists are known"
  "TrustedPathTest::volumeOfAPodIsTrustedThereOnly|the root of a volume is known")
set(CARILLON_LINUX_ONLY_runner
  "ChildrenTest::onlyProcessOneAndSubreapersAdopt|another process than the first one adopts orphans"
  "ChildrenTest::childrenOfAnotherThreadAreLeftToIt|children are those of a thread"
  "PluginLibraryTest::whatWasJudgedIsLoadedWhateverTookItsPlace|a library is loaded by its descriptor"
  "WorkerSeatTest::tracesReplaceTheWorkerAndSaySo|threads are counted"
  "WorkerSeatTest::processesLeftBehindAreEnded|a child adopts what its children leave"
  "WorkerSeatTest::memoryThatNoLimitCountsEndsTheRun|the memory of a child is known"
  "WorkerSeatTest::workerIsRecycledAfterItsRunsOrMegabytes|the memory of a child is known")
set(CARILLON_LINUX_ONLY_kit
  "ConformanceTest::eachSinFailsItsOwnTestAlone|threads are listed")
set(CARILLON_LINUX_ONLY_scheduler
  "ServicePartsTest::serviceManagerHearsWhatItIsTold|there is a service manager")
set(CARILLON_LINUX_ONLY_serve
  "ServeCrowdTest::answeringYieldsToFiring|threads have weights"
  "ServeServiceTest::serviceManagerIsToldHowItStands|there is a service manager"
  "ServeServiceTest::workersAreNotTheService|there is a service manager"
  "ServeStopTest::runWithoutAHostIsStopped|the start of a process is known, and a signal says who sent it"
  "ServeStopTest::runOfAnotherProcessBesideAHostIsStopped|the start of a process is known"
  "ServeTroubleTest::forkedProcessIsEndedWithItsRun|a child adopts what its children leave")
