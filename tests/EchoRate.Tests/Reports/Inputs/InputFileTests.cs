using EchoRate.Reports.Csv;
using EchoRate.Reports.Inputs;
using EchoRate.Tests.Reports.Csv;

namespace EchoRate.Tests.Reports.Inputs;

public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("item,category\r\n John,male name\r\n Mary,\r\n")]
    [InlineData("item,category\n John,male name\n Mary\n")]
    [InlineData("\ufeffItem;CATEGORY\r\n John;male name\r\n Mary;\r\n")]
    [InlineData("category\titem\r\nmale name\t John\r\n\t Mary")]
    [InlineData("category, item \r\nmale name,' John'\r\n,\" Mary\"\r\n")]
    [InlineData("item,category,,\r\n John,male name,,\r\n,,,\r\n\r\n Mary,,,\r\n,,,\r\n")]
    [InlineData("\"item\",\"category\"\r\n\"' John'\",\"'male name'\"\r\n' Mary',\r\n")]
    public void Items_are_read_however_a_spreadsheet_saves_them(string text)
    {
        var items = InputFiles.Items(_folder.Write("input.csv", text));
        Assert.Equal([" John", " Mary"], items.Select(item => item.Text));
        Assert.Equal(["male name", null], items.Select(item => item.Category));
    }

    [Fact]
    public void Utf16_with_a_byte_order_mark_is_read_too()
    {
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            byte[] bytes =
            [
                .. encoding.Preamble,
                .. encoding.GetBytes("item\tcategory\r\n é\tx\r\n"),
            ];
            Assert.Equal(
                " é",
                Assert.Single(InputFiles.Items(_folder.Write("input.csv", bytes))).Text
            );
        }
    }

    [Fact]
    public void Line_breaks_separators_and_quotes_may_stand_in_quotes()
    {
        var path = _folder.Write(
            "input.csv",
            "item\r\n\"a\r\nb\"\r\n\"x, \"\"y\"\"\"\r\n' \\n\\xe2\\x82'\r\n"
        );
        var items = InputFiles.Items(path);
        Assert.Equal(["a\r\nb", "x, \"y\""], items.Take(2).Select(item => item.Text));
        Assert.Equal<byte>([0x20, 0x0A, 0xE2, 0x82], items[2].Bytes);
    }

    [Fact]
    public void Prompts_keep_their_leading_space()
    {
        var path = _folder.Write(
            "input.csv",
            "expected,ID,prompt\r\n Mary,p1,\"When John, and\"\r\n,p2,'Line\\n'\r\n"
        );
        Assert.Equal(
            [new Prompt("p1", "When John, and", " Mary"), new Prompt("p2", "Line\n")],
            InputFiles.Prompts(path)
        );
    }

    [Fact]
    public void What_we_write_can_be_fed_back()
    {
        foreach (var profile in CsvProfile.All)
        {
            using var folder = new TemporaryFolder();
            var items = Enumerable
                .Range(0, 500)
                .Select(seed => new Strange(seed).Bytes())
                .Where(item => item.Length > 0)
                .DistinctBy(Convert.ToHexString)
                .ToList();
            var columns = new ColumnTable<byte[]>("mine")
                .TextBytes("item", item => item)
                .Text("category", _ => "-x");
            columns.Write(folder.Path, profile, items);
            var read = InputFiles.Items(folder.At("mine.csv"));
            Assert.Equal(
                items.Select(Convert.ToHexString),
                read.Select(item => Convert.ToHexString(item.Bytes))
            );
            Assert.All(read, item => Assert.Equal("-x", item.Category));
        }
    }

    [Theory]
    [InlineData("", null, "is empty; it begins with the header item,category.")]
    [InlineData("\r\n\r\n", null, "is empty; it begins with the header item,category.")]
    [InlineData("item,category\r\n", null, "has a header and no items.")]
    [InlineData("item,category\r\n,\r\n", null, "has a header and no items.")]
    [InlineData(" John,male\r\n", 1, "unknown column \"John\"; allowed: item, category.")]
    [InlineData("item,word\r\nx,y\r\n", 1, "unknown column \"word\"; allowed: item, category.")]
    [InlineData("category\r\nx\r\n", 1, "the column item is missing; allowed: item, category.")]
    [InlineData("item,ITEM\r\nx,y\r\n", 1, "the column item stands twice.")]
    [InlineData("item,category\r\n,x\r\n", 2, "the item is empty.")]
    [InlineData("item,category\r\na,x\r\n\"\",x\r\n", 3, "the item is empty.")]
    [InlineData("item\r\n''\r\n", 2, "the item is empty.")]
    [InlineData("item\r\n a\r\nb\r\n' a'\r\n", 4, "the item ' a' already stands in line 2.")]
    [InlineData(
        "item,category\r\na,b,c\r\n",
        2,
        "has 3 cells, the header 2; a text that holds the separator stands in double quotes."
    )]
    [InlineData(
        "item\r\nok\r\nsay \"hi\"\r\n",
        3,
        "a double quote that opens or closes nothing; a cell with double quotes in it stands in double quotes, each of them doubled."
    )]
    [InlineData(
        "item\r\nok\r\n\"open\r\nmore\r\n",
        3,
        "a double quote that opens or closes nothing; a cell with double quotes in it stands in double quotes, each of them doubled."
    )]
    [InlineData(
        "item\r\n'\\q'\r\n",
        2,
        @"'\q' stands in single quotes and has an escape that does not exist; allowed: \n \r \t \' \\ \xNN."
    )]
    [InlineData("item,category\r\na,'\\xff'\r\n", 2, @"the category '\xff' is not UTF-8 text.")]
    public void A_file_of_items_that_cannot_be_used_is_refused_with_the_line(
        string text,
        int? line,
        string problem
    )
    {
        var path = _folder.Write("input.csv", text);
        Refused(() => InputFiles.Items(path), path, line, problem);
    }

    [Theory]
    [InlineData("id,prompt,expected\r\n", null, "has a header and no prompts.")]
    [InlineData("id\r\nx\r\n", 1, "the column prompt is missing; allowed: id, prompt, expected.")]
    [InlineData("id,prompt\r\n,x\r\n", 2, "the id is empty.")]
    [InlineData("id,prompt\r\np1,\r\n", 2, "the prompt is empty.")]
    [InlineData("id,prompt\r\np1,a\r\np1,b\r\n", 3, "the id 'p1' already stands in line 2.")]
    public void A_file_of_prompts_that_cannot_be_used_is_refused_with_the_line(
        string text,
        int? line,
        string problem
    )
    {
        var path = _folder.Write("input.csv", text);
        Refused(() => InputFiles.Prompts(path), path, line, problem);
    }

    [Fact]
    public void What_is_not_text_is_refused()
    {
        var path = _folder.Write("input.csv", [.. "item\r\na\r\n"u8, 0xE9, .. "t\r\n"u8]);
        Refused(
            () => InputFiles.Items(path),
            path,
            3,
            @"is not UTF-8; save the file as ""CSV UTF-8""."
        );
        path = _folder.Write("input.csv", "item\0\r\n");
        Refused(
            () => InputFiles.Items(path),
            path,
            null,
            @"holds zero bytes, so it is no UTF-8 text; save it as ""CSV UTF-8"" (a zero byte in an item is written '\x00')."
        );
        path = _folder.Write("input.csv", [0xFF, 0xFE, 0x00, 0xD8]);
        Refused(
            () => InputFiles.Items(path),
            path,
            null,
            @"begins like UTF-16 and is not; save it as ""CSV UTF-8""."
        );
    }

    [Fact]
    public void A_file_that_is_not_there_is_refused()
    {
        Refused(
            () => InputFiles.Items(_folder.At("no.csv")),
            _folder.At("no.csv"),
            null,
            "does not exist."
        );
        Assert.Throws<InputFileException>(() => InputFiles.Items(_folder.Path));
    }

    private static void Refused(Action read, string path, int? line, string problem)
    {
        var exception = Assert.Throws<InputFileException>(read);
        Assert.Equal(
            line is null ? $"{path}: {problem}" : $"{path}, line {line}: {problem}",
            exception.Message
        );
        Assert.DoesNotContain('\n', exception.Message);
    }

    public void Dispose() => _folder.Dispose();
}
