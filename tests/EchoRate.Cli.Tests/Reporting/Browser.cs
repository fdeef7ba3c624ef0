using System.ComponentModel;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace EchoRate.Cli.Tests.Reporting;

/// <summary>A headless Chromium, spoken to by its DevTools protocol; tests skip where there is none. One for all tests of a class.</summary>
public sealed class Browser : IDisposable
{
    private static readonly string[] s_programs =
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "microsoft-edge",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<int, TaskCompletionSource<JsonNode>> _asked = [];
    private readonly ClientWebSocket _socket = new();
    private readonly Process? _process;
    private int _questions;

    public Browser()
    {
        _process = s_programs.Select(TryStart).FirstOrDefault(process => process is not null);
    }

    /// <summary>Told of every event, by its method.</summary>
    internal event Action<string, JsonNode>? Happened;

    /// <summary>Opens a page of this width; skips the test where there is no browser.</summary>
    internal async Task<BrowserPage> OpenAsync(string path, int width = 1200, bool isDark = false)
    {
        Assert.SkipWhen(
            _process is null,
            $"no browser here ({string.Join(", ", s_programs)}): on Debian, apt-get install chromium"
        );
        if (_socket.State == WebSocketState.None)
        {
            await ConnectAsync();
        }
        var target = await AskAsync("Target.createTarget", new { url = "about:blank" });
        var session = await AskAsync(
            "Target.attachToTarget",
            new { targetId = (string)target["targetId"]!, flatten = true }
        );
        var page = new BrowserPage(this, (string)session["sessionId"]!);
        await page.LoadAsync(path, width, isDark);
        return page;
    }

    /// <summary>Asks the browser, or one of its pages.</summary>
    internal async Task<JsonNode> AskAsync(
        string method,
        object? arguments = null,
        string? session = null
    )
    {
        var answer = new TaskCompletionSource<JsonNode>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        var question = Interlocked.Increment(ref _questions);
        lock (_asked)
        {
            _asked[question] = answer;
        }
        var message = new Dictionary<string, object?>
        {
            ["id"] = question,
            ["method"] = method,
            ["params"] = arguments ?? new { },
        };
        if (session is not null)
        {
            message["sessionId"] = session;
        }
        await _socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(message),
            WebSocketMessageType.Text,
            true,
            TestContext.Current.CancellationToken
        );
        return await answer.Task.WaitAsync(
            TimeSpan.FromMinutes(2),
            TestContext.Current.CancellationToken
        );
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }
        _process?.Dispose();
        _socket.Dispose();
        _folder.Dispose();
    }

    private Process? TryStart(string program)
    {
        string[] arguments =
        [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--remote-debugging-port=0",
            $"--user-data-dir={_folder.At("profile")}",
            "about:blank",
        ];
        try
        {
            var start = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            };
            var process = Process.Start(start)!;
            // Nobody reads what it says, and it must not wait for that.
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            return process;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    // It writes where it listens into its profile.
    private async Task ConnectAsync()
    {
        var file = _folder.At("profile", "DevToolsActivePort");
        for (var tries = 0; !File.Exists(file) || File.ReadAllLines(file).Length < 2; tries++)
        {
            Assert.True(
                tries < 600 && !_process!.HasExited,
                "the browser did not come up in a minute"
            );
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        var lines = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        await _socket.ConnectAsync(
            new Uri($"ws://127.0.0.1:{lines[0]}{lines[1]}"),
            TestContext.Current.CancellationToken
        );
        _ = ListenAsync();
    }

    private async Task ListenAsync()
    {
        var buffer = new byte[1 << 16];
        using var message = new MemoryStream();
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                message.Write(buffer, 0, part.Count);
                if (part.EndOfMessage)
                {
                    Take(JsonNode.Parse(message.GetBuffer().AsSpan(0, (int)message.Length))!);
                    message.SetLength(0);
                }
            }
        }
        catch (Exception e)
            when (e is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The browser is gone; whoever still waits gives up in time.
        }
    }

    private void Take(JsonNode message)
    {
        if (message["id"] is not { } id)
        {
            Happened?.Invoke($"{message["sessionId"]} {message["method"]}", message["params"]!);
            return;
        }
        TaskCompletionSource<JsonNode>? answer;
        lock (_asked)
        {
            _asked.Remove((int)id, out answer);
        }
        if (message["error"] is { } error)
        {
            answer?.TrySetException(new InvalidOperationException(error.ToJsonString()));
        }
        else
        {
            answer?.TrySetResult(message["result"]!);
        }
    }
}
