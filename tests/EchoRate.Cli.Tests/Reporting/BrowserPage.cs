using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace EchoRate.Cli.Tests.Reporting;

/// <summary>A page in a browser: what it asked the network for, what it complained of, and what a script sees in it.</summary>
internal sealed class BrowserPage
{
    private readonly Browser _browser;
    private readonly string _session;
    private readonly TaskCompletionSource _loaded = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly ConcurrentQueue<string> _complaints = [];

    public BrowserPage(Browser browser, string session)
    {
        (_browser, _session) = (browser, session);
        browser.Happened += Happened;
    }

    /// <summary>Every address that it asked for, its own first.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>Errors and warnings of its console, what its policy refused, dialogs.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public async Task LoadAsync(string path, int width, bool isDark)
    {
        foreach (var domain in new[] { "Page", "Runtime", "Log", "Network" })
        {
            await Ask($"{domain}.enable");
        }
        await Ask(
            "Emulation.setDeviceMetricsOverride",
            new
            {
                width,
                height = 900,
                deviceScaleFactor = 1,
                mobile = width < 600,
            }
        );
        await Ask(
            "Emulation.setEmulatedMedia",
            new
            {
                features = new[]
                {
                    new { name = "prefers-color-scheme", value = isDark ? "dark" : "light" },
                },
            }
        );
        await Ask("Page.navigate", new { url = new Uri(path).AbsoluteUri });
        await _loaded.Task.WaitAsync(
            TimeSpan.FromMinutes(1),
            TestContext.Current.CancellationToken
        );
    }

    /// <summary>What an expression comes to, promises awaited. It is not the page's own script: the page's policy does not bind it.</summary>
    public async Task<JsonNode?> SeeAsync(string expression)
    {
        var answer = await Ask(
            "Runtime.evaluate",
            new
            {
                expression,
                awaitPromise = true,
                returnByValue = true,
            }
        );
        Assert.True(answer["exceptionDetails"] is null, answer.ToJsonString());
        return answer["result"]!["value"];
    }

    /// <summary>Presses a key on what has the focus.</summary>
    public async Task PressAsync(string key, int code, string text)
    {
        await Ask(
            "Input.dispatchKeyEvent",
            new
            {
                type = "keyDown",
                key,
                windowsVirtualKeyCode = code,
                text,
            }
        );
        await Ask(
            "Input.dispatchKeyEvent",
            new
            {
                type = "keyUp",
                key,
                windowsVirtualKeyCode = code,
            }
        );
    }

    /// <summary>Types into what has the focus.</summary>
    public Task TypeAsync(string text) => Ask("Input.insertText", new { text });

    /// <summary>A picture of a part of it, as PNG; kept where ECHORATE_PICTURES names a folder, for people to look at.</summary>
    public async Task<byte[]> PictureAsync(string name, int width, int height, double top = 0)
    {
        var clip = new
        {
            x = 0,
            y = top,
            width,
            height,
            scale = 1,
        };
        var answer = await Ask(
            "Page.captureScreenshot",
            new
            {
                format = "png",
                captureBeyondViewport = true,
                clip,
            }
        );
        return Keep(name + ".png", (string)answer["data"]!);
    }

    /// <summary>The page as it is printed, as PDF; kept likewise.</summary>
    public async Task<byte[]> PrintAsync(string name) =>
        Keep(name + ".pdf", (string)(await Ask("Page.printToPDF"))["data"]!);

    private static byte[] Keep(string name, string base64)
    {
        var bytes = Convert.FromBase64String(base64);
        if (Environment.GetEnvironmentVariable("ECHORATE_PICTURES") is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }
        return bytes;
    }

    private Task<JsonNode> Ask(string method, object? arguments = null) =>
        _browser.AskAsync(method, arguments, _session);

    private void Happened(string what, JsonNode about)
    {
        if (!what.StartsWith(_session + " ", StringComparison.Ordinal))
        {
            return;
        }
        switch (what[(_session.Length + 1)..])
        {
            case "Page.loadEventFired" when _requests.Any(url => url != "about:blank"):
                _loaded.TrySetResult();
                break;
            case "Network.requestWillBeSent":
                _requests.Enqueue((string)about["request"]!["url"]!);
                break;
            case "Page.javascriptDialogOpening":
            case "Runtime.exceptionThrown":
            case "Log.entryAdded":
            case "Runtime.consoleAPICalled":
                _complaints.Enqueue($"{what}: {about.ToJsonString()}");
                break;
        }
    }
}
