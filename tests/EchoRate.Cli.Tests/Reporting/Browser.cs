using System.Collections.Concurrent;
using PuppeteerSharp;
using PuppeteerSharp.Media;

namespace EchoRate.Cli.Tests.Reporting;

/// <summary>A headless Chromium; tests skip where there is none. One for all tests of a class.</summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string[] s_programs =
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "microsoft-edge",
    ];

    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator);
        var program = s_programs
            .SelectMany(_ => folders, (name, folder) => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        if (program is not null)
        {
            string[] arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
            _browser = await Puppeteer.LaunchAsync(
                new LaunchOptions
                {
                    ExecutablePath = program,
                    Args = [.. arguments, "--hide-scrollbars"],
                }
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }
    }

    /// <summary>Opens a page of this width; skips the test where there is no browser.</summary>
    internal async Task<BrowserPage> OpenAsync(string path, int width = 1200, bool isDark = false)
    {
        Assert.SkipWhen(
            _browser is null,
            $"no browser here ({string.Join(", ", s_programs)}): on Debian, apt-get install chromium"
        );
        var page = new BrowserPage(await _browser!.NewPageAsync());
        await page.LoadAsync(path, width, isDark);
        return page;
    }
}

/// <summary>A page in a browser: what it asked the network for, what it complained of, and what a script sees in it.</summary>
internal sealed class BrowserPage
{
    public BrowserPage(IPage page)
    {
        Page = page;
        page.Request += (_, e) => Requests.Enqueue(e.Request.Url);
        page.Console += (_, e) => Complaints.Enqueue(e.Message.Text);
        page.PageError += (_, e) => Complaints.Enqueue(e.Message);
        page.Dialog += (_, e) => Complaints.Enqueue(e.Dialog.Message);
    }

    public IPage Page { get; }

    /// <summary>Every address that it asked for, its own first.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Errors and warnings of its console, what its policy refused, dialogs.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    public async Task LoadAsync(string path, int width, bool isDark)
    {
        await Page.SetViewportAsync(
            new ViewPortOptions
            {
                Width = width,
                Height = 900,
                IsMobile = width < 600,
            }
        );
        await Page.EmulateMediaFeaturesAsync([
            new MediaFeatureValue
            {
                MediaFeature = MediaFeature.PrefersColorScheme,
                Value = isDark ? "dark" : "light",
            },
        ]);
        await Page.GoToAsync(new Uri(path).AbsoluteUri);
    }

    /// <summary>What an expression comes to, promises awaited. It is not the page's own script: the page's policy does not bind it.</summary>
    public Task<T> SeeAsync<T>(string expression) => Page.EvaluateExpressionAsync<T>(expression);

    /// <summary>Does something in the page.</summary>
    public Task DoAsync(string script) => Page.EvaluateExpressionAsync(script);

    /// <summary>A picture of a part of it, as PNG.</summary>
    public Task<byte[]> PictureAsync(int width, int height, double top = 0) =>
        Page.ScreenshotDataAsync(
            new ScreenshotOptions
            {
                Clip = new Clip
                {
                    Y = (decimal)top,
                    Width = width,
                    Height = height,
                },
            }
        );
}
