using Refrain.Cli.Commands;

return await RootCommandFactory.RunAsync(args);
