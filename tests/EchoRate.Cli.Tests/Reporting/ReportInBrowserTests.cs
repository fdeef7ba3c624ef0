using EchoRate.Reports.Page;
using EchoRate.Tests.Reports.Page;

namespace EchoRate.Cli.Tests.Reporting;

/// <summary>report.html as people see it, in a headless browser.</summary>
public sealed class ReportInBrowserTests(DemoRun demo, Browser browser)
    : ProgramTests,
        IClassFixture<Browser>
{
    // Rows worth a look: the one table with a search.
    private const string Rows =
        "document.getElementById(document.querySelector('form.search').dataset.table).tBodies[0].rows";
    private const string Margins =
        "[...document.querySelectorAll('.long th')].findIndex(head => head.textContent.startsWith('Margin'))";

    private string DemoReport => Path.Combine(demo.Run.Path, "report.html");

    [Theory]
    [InlineData(1200, false)]
    [InlineData(1200, true)]
    [InlineData(360, false)]
    [InlineData(360, true)]
    public async Task It_asks_for_nothing_complains_of_nothing_and_fits(int width, bool isDark)
    {
        var page = await browser.OpenAsync(DemoReport, width, isDark);

        Assert.Equal([new Uri(DemoReport).AbsoluteUri], page.Requests);
        Assert.Empty(page.Complaints);
        Assert.True(await page.SeeAsync<int>("document.documentElement.scrollWidth") <= width);
        var picture = await page.PictureAsync(width, 1600);
        Assert.True(picture.Length > 20_000, $"a picture of {picture.Length} bytes");
        var ground = await page.SeeAsync<string>(
            "getComputedStyle(document.documentElement).backgroundColor"
        );
        Assert.Equal(isDark ? "rgb(22, 24, 29)" : "rgb(255, 255, 255)", ground);
    }

    [Fact]
    public async Task Its_charts_are_drawn()
    {
        var page = await browser.OpenAsync(DemoReport);

        // Two models, rates of words and of two sets of prompts that are rates, ladders of three charts, margins.
        Assert.True(await page.SeeAsync<int>("document.querySelectorAll('svg.plot').length") >= 8);
        Assert.True(
            await page.SeeAsync<bool>(
                "[...document.querySelectorAll('svg.plot')].every(chart => chart.getBoundingClientRect().height > 100 && chart.querySelectorAll('.mark').length > 1)"
            )
        );
        Assert.True(
            await page.SeeAsync<bool>(
                "[...document.querySelectorAll('svg polyline')].every(line => line.getTotalLength() > 20)"
            )
        );
        // What is written stays within its chart.
        Assert.Equal(
            "",
            await page.SeeAsync<string>(
                """
                [...document.querySelectorAll('svg.plot text')].filter(text => {
                  const [inner, outer] = [text.getBoundingClientRect(), text.ownerSVGElement.getBoundingClientRect()];
                  return inner.left < outer.left - 1 || inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1;
                }).map(text => text.ownerSVGElement.querySelector('title').textContent + ': ' + text.textContent).join('; ')
                """
            )
        );
        Assert.True((await page.Page.PdfDataAsync()).AsSpan().StartsWith("%PDF"u8));
        // A picture of one section.
        var ladder = await page.SeeAsync<double>(
            "[...document.querySelectorAll('h2')].find(head => head.textContent === 'What quantization does').getBoundingClientRect().top"
        );
        Assert.InRange((await page.PictureAsync(1200, 590, ladder)).Length, 20_000, 150_000);
    }

    [Fact]
    public async Task Its_table_of_rows_is_sorted_by_keyboard()
    {
        var page = await browser.OpenAsync(DemoReport);
        var margins =
            $"[...{Rows}].map(row => row.cells[{Margins}].textContent).filter(text => text !== '').map(Number)";

        foreach (var direction in new[] { 1, -1 })
        {
            await page.DoAsync(
                $"document.querySelectorAll('.long th')[{Margins}].querySelector('button').focus()"
            );
            await page.Page.Keyboard.PressAsync("Enter");
            var shown = await page.SeeAsync<double[]>(margins);
            Assert.True(shown.Length > 10);
            Assert.Equal(shown.OrderBy(margin => direction * margin), shown);
        }
        Assert.Equal(
            "descending",
            await page.SeeAsync<string>(
                "document.querySelector('[aria-sort]').getAttribute('aria-sort')"
            )
        );
    }

    [Fact]
    public async Task Its_table_of_rows_is_searched()
    {
        var page = await browser.OpenAsync(DemoReport);
        var all = await page.SeeAsync<int>($"{Rows}.length");

        await page.DoAsync("document.querySelector('form.search input').focus()");
        await page.Page.Keyboard.SendCharacterAsync("' ROME'");
        var shown = await page.SeeAsync<int>($"[...{Rows}].filter(row => !row.hidden).length");
        Assert.InRange(shown, 1, all - 1);
        Assert.True(
            await page.SeeAsync<bool>(
                $"[...{Rows}].every(row => row.hidden !== row.textContent.includes(\"' Rome'\"))"
            )
        );
        Assert.Equal(
            $"{shown} of {all} rows",
            await page.SeeAsync<string>("document.querySelector('form.search output').textContent")
        );

        await page.DoAsync(
            "{ const kinds = document.querySelector('form.search select'); kinds.value = 'near tie'; kinds.dispatchEvent(new Event('input')); }"
        );
        Assert.True(
            await page.SeeAsync<bool>(
                $"[...{Rows}].filter(row => !row.hidden).every(row => row.cells[0].textContent === 'near tie')"
            )
        );
    }

    [Theory]
    [InlineData("<script>window.hit = 1; alert(1)</script>")]
    [InlineData("</script></style><img src=https://example.invalid/x onerror=window.hit=1>")]
    [InlineData("\"><svg/onload=window.hit=1><a href=javascript:window.hit=1>x")]
    [InlineData("]]><iframe srcdoc='<script>parent.hit=1</script>'></iframe>")]
    public async Task A_hostile_name_is_text_and_no_more(string name)
    {
        var page = await browser.OpenAsync(Write(SampleReport.Input(name: name)));

        Assert.Empty(page.Complaints);
        Assert.Single(page.Requests);
        Assert.Equal("undefined", await page.SeeAsync<string>("typeof window.hit"));
        Assert.Equal(1, await page.SeeAsync<int>("document.querySelectorAll('script').length"));
        Assert.Equal(
            0,
            await page.SeeAsync<int>(
                "document.querySelectorAll('img, iframe, a:not([href^=\"#\"])').length"
            )
        );
        Assert.Equal(name, await page.SeeAsync<string>("document.querySelector('h3').textContent"));
        // Sorting and searching handle texts too.
        await page.DoAsync(
            "document.querySelectorAll('th button').forEach(button => button.click())"
        );
        await page.DoAsync(
            "document.querySelector('form.search select').dispatchEvent(new Event('input'))"
        );
        Assert.Equal("undefined", await page.SeeAsync<string>("typeof window.hit"));
        Assert.Empty(page.Complaints);
    }

    [Theory]
    [InlineData(1200, false)]
    [InlineData(1200, true)]
    [InlineData(360, false)]
    public async Task Axe_finds_nothing_serious(int width, bool isDark)
    {
        var script = Path.Combine(Tool.Fetch(Folder, "axe-core", "4.14.1"), "axe.min.js");
        var page = await browser.OpenAsync(DemoReport, width, isDark);
        await page.DoAsync("document.querySelectorAll('details').forEach(one => one.open = true)");
        await page.DoAsync(
            await File.ReadAllTextAsync(script, TestContext.Current.CancellationToken)
        );

        var found = await page.SeeAsync<string[]>(
            "axe.run().then(result => [result.passes.length + ' passes', ...result.violations.map(v => v.impact + ' ' + v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + n.failureSummary).join('; '))])"
        );
        Assert.True(int.Parse(found[0].Split(' ')[0]) > 15);
        Assert.DoesNotContain(
            found,
            violation => violation.StartsWith("serious") || violation.StartsWith("critical")
        );
    }

    private string Write(ReportInput input) =>
        Folder.Write("report.html", HtmlPage.Render(RunReport.Of(input)));
}
