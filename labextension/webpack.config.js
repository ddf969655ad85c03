// Read by jupyter-builder. By default the number of a module is made from its absolute path, and so the bundle from the folder
// that it was built in; numbers by the order of imports make the same bundle everywhere.
module.exports = { optimization: { moduleIds: 'natural' } };
