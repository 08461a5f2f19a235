// What robfig/cron is asked to do: robfig lateness SECONDS | many JOBS MONTH | herd JOBS AT | next ZONE
package main

import (
	"bufio"
	"fmt"
	"log"
	"os"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/robfig/cron"
)

var withSeconds = cron.WithSeconds()
var inUTC = cron.WithLocation(time.UTC)

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func lateness(seconds int) {
	starts := make([]int64, 0, seconds+1)
	scheduler := cron.New(withSeconds, inUTC)
	scheduler.AddFunc("* * * * * *", func() {
		now := time.Now()
		starts = append(starts, now.UnixNano())
	})
	scheduler.Start()
	time.Sleep(time.Duration(seconds) * time.Second)
	<-scheduler.Stop().Done()
	for _, start := range starts {
		fmt.Println(start)
	}
}

func many(jobs int, month string) {
	scheduler := cron.New(inUTC)
	for i := 0; i < jobs; i++ {
		spec := fmt.Sprintf("%d %d %d %s *", i%60, i%24, 1+i%28, month)
		if _, err := scheduler.AddFunc(spec, func() {}); err != nil {
			log.Fatal(err)
		}
	}
	scheduler.Start()
	scheduler.Entries() // answered by the running scheduler: all of them are in
	fmt.Println("ready")
	select {}
}

func herd(jobs int, at int64) {
	slot := time.Unix(at, 0).UTC()
	var started, last int64
	scheduler := cron.New(withSeconds, inUTC)
	spec := fmt.Sprintf("%d %d %d * * *", slot.Second(), slot.Minute(), slot.Hour())
	for i := 0; i < jobs; i++ {
		scheduler.AddFunc(spec, func() {
			late := int64(time.Since(slot))
			for seen := atomic.LoadInt64(&last); late > seen; seen = atomic.LoadInt64(&last) {
				atomic.CompareAndSwapInt64(&last, seen, late)
			}
			atomic.AddInt64(&started, 1)
		})
	}
	scheduler.Start()
	scheduler.Entries()
	if !time.Now().Before(slot) {
		log.Fatal("the jobs were loaded too late")
	}
	for deadline := slot.Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if atomic.LoadInt64(&started) == int64(jobs) {
			break
		}
	}
	fmt.Printf("%d %.1f\n", atomic.LoadInt64(&started), float64(last)/1e6)
}

func next(zone string) {
	const calls, most = 200000, 2 * time.Second
	location, err := time.LoadLocation(zone)
	if err != nil {
		log.Fatal(err)
	}
	from := time.Date(2025, 12, 31, 23, 59, 59, 0, location)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		schedule, err := cron.ParseStandard(lines.Text())
		if err != nil {
			log.Fatal(err)
		}
		done, begun, t := 0, time.Now(), from
		for ; done < calls && (done%16 != 0 || time.Since(begun) < most); done++ {
			t = schedule.Next(t)
			if t.Year() >= 2100 {
				t = from
			}
		}
		fmt.Printf("%s\t%d\t%.0f\n", lines.Text(), done, float64(time.Since(begun))/float64(done))
	}
}

func main() {
	switch os.Args[1] {
	case "lateness":
		lateness(number(os.Args[2]))
	case "many":
		many(number(os.Args[2]), os.Args[3])
	case "herd":
		herd(number(os.Args[2]), int64(number(os.Args[3])))
	case "next":
		next(os.Args[2])
	}
}
