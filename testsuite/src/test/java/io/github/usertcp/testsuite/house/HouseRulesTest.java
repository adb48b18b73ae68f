package io.github.usertcp.testsuite.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules of the house over all main sources; and, rule by rule, that breaking it is noticed. */
class HouseRulesTest {
    private static final Set<String> SANS_IO = Set.of("codec", "congestion", "tcp");
    private static final Set<String> SINGLE_THREADED = Set.of("codec", "congestion", "tcp", "stack");
    private static final Set<String> LIBRARY = Set.of("codec", "congestion", "tcp", "stack", "tun", "link", "channel", "handlers");

    private static final Rule NO_CLOCK = Rule.forbid("time is a parameter", Set.of("congestion", "tcp"),
        "\\bSystem\\s*\\.\\s*(nanoTime|currentTimeMillis)\\b", "\\bjava\\.time\\.(?!Duration\\b)\\w+", "\\b(Ticker|Instant|Clock)\\b");
    private static final Rule NO_THREAD = Rule.forbid("no threads", Set.of("congestion", "tcp"),
        "\\b(Thread|FastThreadLocal|ThreadLocal|HashedWheelTimer|CompletableFuture)\\b", "\\bjava\\.util\\.Timer\\b", "\\b\\w*Executor\\w*\\b");
    private static final Rule NO_CHANNEL = Rule.forbid("no I/O", Set.of("congestion", "tcp"),
        "\\bio\\.netty\\.channel\\b", "\\b(Channel|EventLoop)\\b", "\\bjava\\.nio\\.channels\\b", "\\bjava\\.io\\.(?!Serial)\\w+");
    private static final Rule NO_RANDOM = Rule.forbid("chance is injected", SANS_IO,
        "\\b(Random|SecureRandom|SplittableRandom|ThreadLocalRandom|RandomGenerator|UUID)\\b", "\\bMath\\s*\\.\\s*random\\b");
    private static final Rule NO_LOCK = Rule.forbid("single-threaded: no locks", SINGLE_THREADED,
        "\\bsynchronized\\b", "\\bjava\\.util\\.concurrent\\.locks\\b", "\\b(ReentrantLock|StampedLock|LockSupport|Semaphore)\\b");
    private static final Rule NO_BLOCKING = Rule.forbid("an event loop never waits", SINGLE_THREADED,
        "\\b(CountDownLatch|CyclicBarrier|Phaser|Exchanger)\\b", "\\b\\w*Blocking(Queue|Deque)\\b", "\\bThread\\s*\\.\\s*(sleep|yield)\\b",
        "\\.\\s*(await|awaitUninterruptibly|sync|syncUninterruptibly|acquireUninterruptibly)\\s*\\(", "\\bwait\\s*\\(", "\\bnotify(All)?\\s*\\(",
        "(?<!\\bString)\\.\\s*join\\s*\\(");
    private static final Rule NO_REFLECTION = Rule.forbid("no reflection, no service lookup", LIBRARY,
        "\\bjava\\.lang\\.reflect\\b", "\\bClass\\s*\\.\\s*forName\\b", "\\.\\s*getDeclared\\w+\\s*\\(", "\\bsetAccessible\\b", "\\bServiceLoader\\b");
    private static final Rule NO_MUTABLE_STATIC = Rule.forbid("no mutable statics", LIBRARY,
        "^\\s*(?:(?:public|protected|private|volatile|transient)\\s+)*static\\s+(?:volatile\\s+)?"
            + "(?!final\\b|class\\b|record\\b|interface\\b|enum\\b|abstract\\b|sealed\\b|non-sealed\\b)[\\w.<>\\[\\], ?]+\\s+\\w+\\s*(?:=[^;]*)?;",
        "\\bstatic\\s+final\\b[^;=({]*=\\s*new\\s+(?:\\w*(?:Map|List|Set|Queue|Deque|LocalValue)|Atomic\\w+|LongAdder|ThreadLocal|FastThreadLocal)\\b");
    private static final Rule NO_CONSOLE = Rule.forbid("a library logs", LIBRARY,
        "\\bSystem\\s*\\.\\s*(out|err|exit)\\b", "\\.\\s*printStackTrace\\s*\\(");

    /** Where a rule is broken with good reason, which the source gives. */
    private static final List<String> EXEMPT = List.of(
        "channel/ClientStacks.java: no mutable statics"); // the stacks of the event loop a client channel is on: one map per thread

    private static final List<Rule> RULES = List.of(NO_CLOCK, NO_THREAD, NO_CHANNEL, NO_RANDOM, NO_LOCK, NO_BLOCKING, NO_REFLECTION,
        NO_MUTABLE_STATIC, NO_CONSOLE);

    static Stream<SourceFile> mainSources() {
        return SourceFile.mainSources(House.ROOT, House.MODULES).stream();
    }

    static Stream<Rule> rules() {
        return RULES.stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void mainSourcesKeep(Rule rule) {
        assertEquals(List.of(), mainSources()
            .filter(source -> EXEMPT.stream().noneMatch(exempt -> (source.name() + ": " + rule.name()).endsWith("/" + exempt)))
            .flatMap(source -> rule.violations(source).stream())
            .toList());
    }

    @Test
    void importsPointOneWay() {
        assertEquals(List.of(), mainSources().flatMap(source -> ImportDirection.violations(source).stream()).toList());
    }

    @Test
    void everyPackageIntroducesItself() {
        Set<String> packages = new TreeSet<>();
        mainSources().forEach(source -> packages.add(directory(source)));
        mainSources().filter(SourceFile::isPackageInfo).forEach(source -> packages.remove(directory(source)));
        assertEquals(Set.of(), packages, "packages without package-info.java");
    }

    @Test
    void everyModuleIsRead() {
        for (String module : List.of("codec", "transport-usertcp", "handlers", "examples")) {
            assertTrue(mainSources().anyMatch(source -> source.name().startsWith(module + "/")), module);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        tcp        | long now = System.nanoTime();
        congestion | long now = System . currentTimeMillis();
        tcp        | import java.time.Instant;
        tcp        | import io.netty.util.concurrent.Ticker;
        tcp        | new Thread(this::run).start();
        congestion | import java.util.concurrent.ScheduledExecutorService;
        tcp        | import io.netty.channel.Channel;
        tcp        | io.netty.channel.EventLoop loop;
        tcp        | import java.io.FileInputStream;
        tcp        | import java.util.Random;
        tcp        | new java.security.SecureRandom().nextInt();
        congestion | ThreadLocalRandom.current().nextInt();
        codec      | double p = Math.random();
        stack      | synchronized void enter() {
        tcp        | import java.util.concurrent.locks.ReentrantLock;
        stack      | new CountDownLatch(1);
        stack      | future.await(10);
        stack      | channel.close().sync();
        stack      | channel.close().syncUninterruptibly();
        stack      | Thread.sleep(10);
        stack      | BlockingQueue<Object> queue;
        stack      | future.join();
        stack      | this.wait();
        stack      | notifyAll();
        link       | field.setAccessible(true);
        channel    | Class.forName(name);
        handlers   | import java.util.ServiceLoader;
        channel    | import java.lang.reflect.Field;
        stack      | private static int count;
        stack      | static volatile boolean on = true;
        link       | private static final Map<String, String> CACHE = new HashMap<>();
        channel    | static final AtomicInteger IDS = new AtomicInteger();
        handlers   | System.out.println("hello");
        link       | e.printStackTrace();
        """)
    void breakingARuleIsNoticed(String component, String line) {
        SourceFile bad = sample(component, line);
        assertEquals(1, RULES.stream().filter(rule -> !rule.violations(bad).isEmpty()).count(), line);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        tcp   | // RFC 6298: System.nanoTime() would make this untestable; Thread, Channel, Random neither
        tcp   | String text = "System.nanoTime()";
        tcp   | import java.time.Duration;
        stack | import io.netty.channel.EventLoop;
        stack | String.join(", ", names);
        stack | private static final int LIMIT = 16;
        stack | static int limit(int value) { return value; }
        stack | private static final Logger LOGGER = LoggerFactory.getLogger(TcpStack.class);
        link  | synchronized (lock) {
        """)
    void keepingTheRulesIsNotReported(String component, String line) {
        SourceFile good = sample(component, line);
        assertEquals(List.of(), RULES.stream().flatMap(rule -> rule.violations(good).stream()).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "codec, tcp", "codec, congestion", "congestion, tcp", "tcp, stack", "tcp, channel", "stack, link", "stack, channel", "link, channel",
        "tun, link", "channel, handlers", "handlers, examples", "examples, testsuite", "tcp, newcomer",
    })
    void importAgainstTheDirectionIsNoticed(String component, String used) {
        assertFalse(ImportDirection.violations(sample(component, "import io.github.usertcp." + used + ".Anything;")).isEmpty());
        assertFalse(ImportDirection.violations(sample(component, "io.github.usertcp." + used + ".Anything field;")).isEmpty());
        assertTrue(ImportDirection.violations(sample(component, "// io.github.usertcp." + used + ".Anything")).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"tcp, codec", "stack, tcp", "link, stack", "channel, link", "handlers, channel", "examples, handlers", "tcp, tcp"})
    void importAlongTheDirectionIsNotReported(String component, String used) {
        assertEquals(List.of(), ImportDirection.violations(sample(component, "import io.github.usertcp." + used + ".Anything;")));
    }

    @Test
    void componentWithoutAPlaceIsNoticed() {
        assertFalse(ImportDirection.violations(sample("newcomer", "")).isEmpty());
    }

    private static SourceFile sample(String component, String line) {
        return SourceFile.of("Sample.java", "package io.github.usertcp." + component + ";\n\n" + line + "\n");
    }

    private static String directory(SourceFile source) {
        return source.name().substring(0, source.name().lastIndexOf('/'));
    }
}
