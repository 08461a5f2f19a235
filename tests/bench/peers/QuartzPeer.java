import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.Queue;
import java.util.TimeZone;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.quartz.CronExpression;
import org.quartz.CronScheduleBuilder;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.Scheduler;
import org.quartz.TriggerBuilder;
import org.quartz.impl.StdSchedulerFactory;

/** What Quartz is asked to do: lateness SECONDS | many JOBS MONTH | herd JOBS AT | next ZONE */
public final class QuartzPeer {
    private static final Queue<Instant> starts = new ConcurrentLinkedQueue<>();
    private static final AtomicLong last = new AtomicLong();
    private static Instant slot;
    private static CountDownLatch missing;

    public static final class Stopwatch implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            Instant now = Instant.now();
            starts.add(now);
        }
    }

    public static final class Starter implements Job {
        @Override
        public void execute(JobExecutionContext context) {
            long late = slot.until(Instant.now(), ChronoUnit.NANOS);
            last.accumulateAndGet(late, Math::max);
            missing.countDown();
        }
    }

    private static void schedule(Scheduler scheduler, Class<? extends Job> job, int number, String pattern)
            throws Exception {
        // Not in the second in which it is scheduled: that firing is late by what is left to start.
        Date start = Date.from(Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1));
        scheduler.scheduleJob(
                JobBuilder.newJob(job).withIdentity("job" + number).build(),
                TriggerBuilder.newTrigger().withIdentity("trigger" + number).startAt(start)
                        .withSchedule(CronScheduleBuilder.cronSchedule(pattern)).build());
    }

    private static void lateness(int seconds) throws Exception {
        Scheduler scheduler = StdSchedulerFactory.getDefaultScheduler();
        schedule(scheduler, Stopwatch.class, 0, "* * * * * ?");
        scheduler.start();
        Thread.sleep(seconds * 1000L);
        scheduler.shutdown(true);
        for (Instant start : starts) System.out.printf("%d%09d%n", start.getEpochSecond(), start.getNano());
    }

    private static void many(int jobs, String month) throws Exception {
        Scheduler scheduler = StdSchedulerFactory.getDefaultScheduler();
        for (int i = 0; i < jobs; i++)
            schedule(scheduler, Stopwatch.class, i,
                    String.format("0 %d %d %d %s ?", i % 60, i % 24, 1 + i % 28, month));
        scheduler.start();
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    private static void herd(int jobs, long at) throws Exception {
        slot = Instant.ofEpochSecond(at);
        missing = new CountDownLatch(jobs);
        Scheduler scheduler = StdSchedulerFactory.getDefaultScheduler();
        ZonedDateTime time = slot.atZone(ZoneOffset.UTC);
        String pattern = String.format("%d %d %d * * ?", time.getSecond(), time.getMinute(), time.getHour());
        for (int i = 0; i < jobs; i++) schedule(scheduler, Starter.class, i, pattern);
        scheduler.start();
        if (!Instant.now().isBefore(slot)) throw new IllegalStateException("the jobs were loaded too late");
        missing.await(at + 60 - Instant.now().getEpochSecond(), TimeUnit.SECONDS);
        System.out.printf("%d %.1f%n", jobs - missing.getCount(), last.get() / 1e6);
        scheduler.shutdown();
    }

    /** Seconds first, Sunday is 1, and one of the two day fields must be a question mark. */
    private static String inQuartzWords(String expression) {
        String[] fields = expression.split(" ");
        String weekday = fields[4].replace("1-5", "MON-FRI").replace("0", "SUN");
        String day = weekday.equals("*") ? fields[2] : fields[2].replace("*", "?");
        return String.join(" ", "0", fields[0], fields[1], day, fields[3], weekday.replace("*", "?"));
    }

    private static void next(String zone) throws Exception {
        final int calls = 200_000;
        final long most = 2_000_000_000L;
        Date from = Date.from(ZonedDateTime.of(2025, 12, 31, 23, 59, 59, 0, ZoneId.of(zone)).toInstant());
        Date end = Date.from(ZonedDateTime.of(2100, 1, 1, 0, 0, 0, 0, ZoneId.of(zone)).toInstant());
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!CronExpression.isValidExpression(inQuartzWords(line))) continue; // 13 and Friday at once
            CronExpression expression = new CronExpression(inQuartzWords(line));
            expression.setTimeZone(TimeZone.getTimeZone(zone));
            int done = 0;
            Date at = from;
            long begun = System.nanoTime();
            for (; done < calls && (done % 16 != 0 || System.nanoTime() - begun < most); done++) {
                at = expression.getNextValidTimeAfter(at);
                if (at == null || !at.before(end)) at = from;
            }
            System.out.printf("%s\t%d\t%d%n", line, done, (System.nanoTime() - begun) / done);
        }
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "lateness" -> lateness(Integer.parseInt(arguments[1]));
            case "many" -> many(Integer.parseInt(arguments[1]), arguments[2]);
            case "herd" -> herd(Integer.parseInt(arguments[1]), Long.parseLong(arguments[2]));
            case "next" -> next(arguments[1]);
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }
}
