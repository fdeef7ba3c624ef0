using EchoRate.Machine.Probing;

namespace EchoRate.Tests.Machine;

public class LibraryProbeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_answer_is_the_last_line_that_looks_like_one()
    {
        var answer = await Ask(
            """echo 'driver says {hello'; echo '{"opened":false,"said":"no","missing":["liba.so"]}'"""
        );
        Assert.Equal((false, "no"), (answer.Opened, answer.Said));
        Assert.Equal(["liba.so"], answer.Missing);
    }

    [Fact]
    public async Task A_process_that_dies_with_the_library_is_an_answer_with_its_last_words()
    {
        var answer = await Ask("echo 'symbol lookup error: cudaMalloc' >&2; exit 127");
        Assert.False(answer.Opened);
        Assert.Equal(
            "a process that opens it ends with exit code 127: symbol lookup error: cudaMalloc",
            answer.Said
        );
        Assert.Empty(answer.Missing);
    }

    [Fact]
    public async Task An_answer_cut_short_is_none()
    {
        var answer = await Ask("""printf '{"opened":tr'""");
        Assert.Equal(
            (false, "a process that opens it ends with exit code 0"),
            (answer.Opened, answer.Said)
        );
    }

    [Fact]
    public async Task A_program_that_does_not_start_is_named()
    {
        var answer = await new LibraryProbe(["/no/such/program"]).OpenAsync(
            "liba.so",
            Cancellation
        );
        Assert.StartsWith("/no/such/program cannot be started: ", answer.Said);
    }

    private static Task<LoaderAnswer> Ask(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the scripted program is a shell script");
        return new LibraryProbe(["/bin/sh", "-c", script]).OpenAsync("liba.so", Cancellation);
    }
}
