package io.github.usertcp.leakguard;

import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import io.netty.util.ResourceLeakDetectorFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class after which a buffer, or anything else Netty counts references of, was left to the garbage collector unreleased.
 *
 * <p>JUnit finds it as a service and runs it for every test class of every module. It replaces Netty's leak detectors by ones that
 * remember what they report, at level PARANOID; Netty asks for detectors when its buffer classes are initialised, which no test has
 * caused yet when JUnit makes its extensions.
 */
public final class LeakGuard implements AfterAllCallback {
    /** A collection sees only what became unreachable before it began, and buffers hang on each other (slice, parent, chunk). */
    private static final int COLLECTIONS = 2;
    private static final long COLLECTION_TIMEOUT_MILLIS = 10_000;

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    private static final List<RecordingDetector<?>> DETECTORS = new CopyOnWriteArrayList<>();

    static {
        ResourceLeakDetector.setLevel(Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new RecordingDetectorFactory());
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        List<String> leaks = collectLeaks();
        if (!leaks.isEmpty()) {
            throw new AssertionError(leaks.size() + " leak(s) found after " + context.getDisplayName() + ":\n" + String.join("\n", leaks));
        }
    }

    /** Collects garbage, and returns and forgets the leaks reported since the last call. */
    public static List<String> collectLeaks() throws InterruptedException {
        for (int i = 0; i < COLLECTIONS; i++) {
            collectGarbage();
            DETECTORS.forEach(RecordingDetector::reportLeaks);
        }
        List<String> leaks = new ArrayList<>();
        for (String leak = LEAKS.poll(); leak != null; leak = LEAKS.poll()) {
            leaks.add(leak);
        }
        return leaks;
    }

    private static void collectGarbage() throws InterruptedException {
        ReferenceQueue<Object> queue = new ReferenceQueue<>();
        WeakReference<Object> witness = new WeakReference<>(new Object(), queue);
        System.gc();
        if (queue.remove(COLLECTION_TIMEOUT_MILLIS) != witness) {
            throw new IllegalStateException("no garbage collection within " + COLLECTION_TIMEOUT_MILLIS + " ms");
        }
    }

    private static final class RecordingDetectorFactory extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // the abstract method is deprecated for its callers, not for its implementers
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval, long maxActive) {
            return newResourceLeakDetector(resource, samplingInterval);
        }

        @Override
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval) {
            RecordingDetector<T> detector = new RecordingDetector<>(resource, samplingInterval);
            DETECTORS.add(detector);
            return detector;
        }
    }

    private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {
        RecordingDetector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            LEAKS.add(resourceType + " was not released:" + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            LEAKS.add(resourceType + " was not released (no trace)");
        }

        /** A detector looks for leaks when it starts to track something: give it something, whatever type it is for. */
        @SuppressWarnings("unchecked")
        void reportLeaks() {
            T probe = (T) new Object();
            track(probe).close(probe);
        }
    }
}
